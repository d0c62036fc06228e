#!/bin/sh
# Compiles the native addons in a Debian 13 tree that has the compilers and the addons' sources in
# /src, for every architecture named; leaves /out/ARCH/NAME.node.
# usage: build.sh ARCH...
set -eu

# Neither the place nor the day is to be seen in what is built.
flags="-std=c++17 -O2 -fPIC -shared -fno-rtti -fno-exceptions -ffile-prefix-map=/src=. -s
  -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--build-id=sha1 -DBUILDING_NODE_EXTENSION
  -Wno-deprecated-declarations -Wno-cast-function-type"

# The headers of the target's own Node; they are only unpacked, so that any architecture's will do.
unpack_headers() {
  mkdir -p "/headers/$1"
  cd "/headers/$1"
  apt-get -qq download "libnode-dev:$1" "libuv1-dev:$1"
  for package in *.deb; do dpkg-deb -x "$package" .; done
}

compile() {
  cd "/src/$2"
  mkdir -p "/out/$1"
  # shellcheck disable=SC2086 # the flags are several words
  "$compiler" $flags -DNODE_GYP_MODULE_NAME="$3" -I"$headers/nodejs/src" \
    -I"$headers/nodejs/deps/v8/include" -I"$headers" -I/src/nan "src/$3.cc" -o "/out/$1/$3.node"
}

for arch in "$@"; do
  case $arch in
    amd64) compiler=x86_64-linux-gnu-g++ ;;
    arm64) compiler=aarch64-linux-gnu-g++ ;;
    armhf) compiler=arm-linux-gnueabihf-g++ ;;
    *) echo "no compiler is known for $arch" >&2 && exit 2 ;;
  esac
  headers=/headers/$arch/usr/include
  unpack_headers "$arch"
  compile "$arch" i2c-bus i2c
  compile "$arch" epoll epoll
done

#!/bin/sh
# Starts the version in use with the configuration of this machine.
if [ -z "${KMS_BOX_CONFIG+set}" ] && [ -e /etc/kms-box/config.json ]; then
  export KMS_BOX_CONFIG=/etc/kms-box/config.json
fi
exec /usr/bin/node @FLAGS@/usr/lib/kms-box/current/dist/cli/@PROGRAM@.js "$@"

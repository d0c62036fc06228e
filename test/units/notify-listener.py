"""Receives what a service tells its manager, and prints each message as a line of JSON.

usage: notify-listener.py SOCKET
"""
import json
import socket
import sys

listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.bind(sys.argv[1])
print(json.dumps([]), flush=True)
while True:
    message, ancillary, _, _ = listener.recvmsg(65536, socket.CMSG_SPACE(64))
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            # A barrier: its sender waits until this is closed.
            for place in range(0, len(data) - len(data) % 4, 4):
                socket.close(int.from_bytes(data[place : place + 4], sys.byteorder))
    lines = message.decode().split("\n")
    if lines != ["BARRIER=1"]:
        print(json.dumps(lines), flush=True)

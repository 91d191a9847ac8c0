#!/bin/sh
# Removes a folder once the process that started this one is gone (its end of our stdin closes), however it died.
# Tries again for a while: a broker that is being killed at the same moment may still add a file.
# usage: sweep.sh DIR
while read -r _; do :; done
left=25
while [ "$left" -gt 0 ]; do
  rm -rf "$1" 2>/dev/null
  sleep 0.2
  left=$((left - 1))
  [ -e "$1" ] || [ "$left" -gt 5 ] || exit 0
done

#!/bin/sh
# Runs a command and ends it when the process that started this one is gone, however that one died:
# our stdin is a pipe from it, which the system closes for us. Nothing is ever written to it.
# usage: guard.sh GRACE_SECONDS COMMAND...   (tells COMMAND's pid on fd 3; without grace it is killed at once)
grace=$1
shift
exec 5<&0
"$@" </dev/null 3>&- 5<&- &
pid=$!
echo "$pid" >&3
exec 3>&-
(
  while read -r _ <&5; do :; done
  if [ "$grace" -gt 0 ]; then
    kill -TERM "$pid" 2>/dev/null
    left=$((grace * 10))
    while [ "$left" -gt 0 ] && kill -0 "$pid" 2>/dev/null; do
      sleep 0.1
      left=$((left - 1))
    done
  fi
  kill -KILL "$pid" 2>/dev/null
) &
watcher=$!
wait "$pid"
code=$?
kill -KILL "$watcher" 2>/dev/null
exit "$code"

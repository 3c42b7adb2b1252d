#!/bin/sh
# The guard of an embedded Postgres: it stops the server when the process that started both is gone, however that ended. It
# learns of the end by its input, which closes then. A shell, because Node would hold 30 MB for it.
# Started as: sh server/start/postgres-guard.sh PID

# The roles notice as well, and have this long to finish before their database goes.
ROLES_PATIENCE_S=5
FAST_SHUTDOWN_PATIENCE_S=20

pid=$1

# Prints nothing of a process that is gone or a zombie. A pid alone proves nothing: another program may get it later.
started_at() {
  if [ -r /proc/self/stat ]; then
    # The command is in brackets and may hold spaces and brackets itself (proc(5)).
    read -r stat 2>/dev/null <"/proc/$pid/stat" || return 0
    set -- ${stat##*) }
    case $1 in Z | X) ;; *) echo "${20}" ;; esac
  else
    ps -o lstart= -p "$pid"
  fi
}

exit_when_gone_within() {
  for _ in $(seq "$1"); do
    [ "$(started_at)" = "$first" ] || exit 0
    sleep 1
  done
}

first=$(started_at)
while read -r _; do :; done
exit_when_gone_within $ROLES_PATIENCE_S
kill -INT "$pid"
exit_when_gone_within $FAST_SHUTDOWN_PATIENCE_S
kill -QUIT "$pid"

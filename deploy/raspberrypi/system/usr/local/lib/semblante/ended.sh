# The kiosk's program has ended (systemd says how in SERVICE_RESULT): where that was a failure, and nobody's order, the glass
# says so until it runs again. A program that ran for longer than the longest pause between tries does not fail at its
# start: systemd counts its failures anew, else one a month would have the last of them wait for a minute.
set -u
unit=semblante-kiosk.service
longest_pause=60000000

of() {
    systemctl show --value --property="$1" $unit
}

ordered() {
    systemctl list-jobs --no-legend $unit | grep -qE ' (stop|restart) '
}

[ "$SERVICE_RESULT" = success ] || ordered || systemctl --no-block restart semblante-glass@program.service
ran=$(($(of ExecMainExitTimestampMonotonic) - $(of ExecMainStartTimestampMonotonic)))
[ "$ran" -le $longest_pause ] || systemctl reset-failed $unit

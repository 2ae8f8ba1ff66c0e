#!/bin/sh
# Install the Debian packages that a target needs, or say in one sentence what to install.
# Usage: system.sh demo|test|boot      (asks nothing; installs only what is missing)
set -eu

demo="python3-venv mosquitto libgl1 libegl1 libfribidi0 ca-certificates"
more="postgresql chromium xvfb xauth xdotool libatomic1 iproute2 espeak-ng
    mtools dosfstools e2fsprogs mmdebstrap arch-test debian-archive-keyring qemu-user-static openssh-server"
# The browser needs libatomic1, drills iproute2, what is spoken espeak-ng; cards mtools, dosfstools
# and e2fsprogs; roots of other machines mmdebstrap arch-test and qemu-user-static; machines elsewhere sshd.
machine="qemu-system-arm" # a whole machine, which make test does without

case "${1:?demo, test or boot}" in
    demo) wanted="$demo" ;;
    test) wanted="$demo $more" ;;
    boot) wanted="$demo $more $machine" ;;
    *) echo "system.sh: “$1” is no target: demo, test or boot" >&2; exit 2 ;;
esac

if ! command -v dpkg-query >/dev/null; then
    echo "This is no Debian: install what these packages hold in your own way: $wanted" >&2
    exit 0
fi

missing=""
for package in $wanted; do
    state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=""
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    echo "Please run this once, then try again:  sudo apt-get install --no-install-recommends$missing" >&2
    exit 1
fi

echo "installing:$missing"
case "$missing " in
    *" openssh-server "*) # tests start their own on loopback; this machine is to stay closed
        $as_root systemctl mask --quiet ssh.service ssh.socket 2>/dev/null || true ;;
esac
$as_root apt-get update -qq
$as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -qq -y --no-install-recommends $missing >/dev/null

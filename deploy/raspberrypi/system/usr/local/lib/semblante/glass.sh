# Says on the glass (its terminal) why no program of the kiosk can, which kiosk it is, and what to do about it.
# sh glass.sh REASON HOSTNAME ROUNDS, where REASON is data, install, program, or nothing (it empties the glass).
# The card may be dying: it is said first, and only then are larger letters looked for. The smallest panel (800 × 480) has
# 15 lines of 50 large letters, and upright 48 smaller ones in each of its lines. No console can join Arabic ones.
set -u
reason=$1
host=$2
rounds=$3
card=/boot/firmware/semblante.toml
turned=/sys/class/graphics/fbcon
font=Uni2-TerminusBold

# What the settings file on the card says of this, if it can be read.
of_card() {
    sed -n "s/^ *$1 *= *[\"']\{0,1\}\([a-z0-9-]*\).*/\1/p" "$card" 2>/dev/null | head -n 1
}

data() {
    cat <<END
Fuera de servicio: no puede leer sus datos.
No tire la tarjeta: puede guardar respuestas.
Avise a su técnico: las rescata y la cambia.

Out of order: it cannot read its data.
Do not throw the card away: it may hold answers.
Call the technician, to rescue and replace it.

Fora de serviço: não consegue ler os seus dados.
Não jogue fora o cartão: pode guardar respostas.
Chame o técnico: ele as resgata e o substitui.

END
    who "make rescue CARD=... SEND=1, then make replace"
}

install() {
    cat <<END
Aún no está listo: la instalación ha fallado.
Se repite sola cada minuto. Avise a su técnico.

Not ready yet: setting it up has not succeeded.
Tried again each minute. Call the technician.

Ainda não está pronto: a instalação falhou.
Repete-se a cada minuto. Chame o técnico.

END
    [ -z "$said" ] || printf '%s\n' "$said"
    who
}

program() {
    cat <<END
Fuera de servicio: su programa no funciona.
Lo intenta otra vez solo. Avise a su técnico.
No tire la tarjeta: puede guardar respuestas.

Out of order: its program does not run.
It tries again by itself. Call the technician.
Do not throw the card away: it may hold answers.

Fora de serviço: o seu programa não funciona.
Tenta de novo sozinho. Chame o técnico.
Não jogue fora o cartão: pode guardar respostas.

END
    who "make doctor HOST=..., make logs HOST=..."
}

nothing() { :; }

who() {
    printf '%.48s\n' "Semblante [$reason] $host" "$kiosk $place" "$@"
}

# What the installer itself said last, and its hint; else how it ended. Only letters that move nothing on a console.
of_installer() {
    unit=semblante-install.service
    run=$(systemctl show --value --property=InvocationID $unit) || return
    journalctl --sync >&2
    told=$(journalctl --quiet --output=cat "_SYSTEMD_INVOCATION_ID=$run" | grep -E '^(✗| *→) ' | tail -n 2)
    : "${told:=$(systemctl show --property=Result --property=ExecMainStatus $unit)}"
    echo "$told" | LC_ALL=C sed 's/✗ *//g; s/^ *→ *//; s/“\|”/"/g; s/…/.../g; s/[^ -~]/?/g' | fold -s -w 48 | head -n 4
}

# From an empty glass, in bold white; without the last line's end, which would push the first one out.
say() {
    printf '\033%%G\033[0;1;37;40m\033[?25l\033[2J\033[H%s' "$($reason)"
}

# Lines and columns are enough for all of it.
fits() {
    size=$(stty size) || return 1
    [ "${size% *}" -ge 15 ] && [ "${size#* }" -ge 48 ]
}

# The kiosk turns its picture against the clock, the kernel's console with it.
wanted_turn() {
    case $(of_card rotation) in
        90) by=3 ;;
        180) by=2 ;;
        270) by=1 ;;
        *) by=0 ;;
    esac
    echo $((($(cat $turned/rotate) + by) % 4))
}

turn() {
    [ -w $turned/rotate_all ] && [ "$(cat $turned/rotate)" != "$turn" ] && echo "$turn" >$turned/rotate_all
}

# The largest letters that fit; where this system has none, the kernel's own stay.
enlarge() {
    command -v setfont >/dev/null || return
    for letters in "-d ${font}32x16" ${font}32x16 ${font}28x14 ${font}24x12 ${font}20x10 ${font}16; do
        # shellcheck disable=SC2086 # two words are meant
        setfont -C /dev/tty1 $letters && fits && return
    done
}

kiosk=
place=
said=
say
[ "$rounds" -gt 0 ] || exit 0
kiosk=$(of_card kiosk)
place=$(of_card store)/$(of_card point)
[ "$reason" != install ] || said=$(of_installer)
turn=$(wanted_turn 2>/dev/null)
# For a while the glass may still get its driver, which begins with an empty console and letters of its own.
seen=
while [ "$rounds" -gt 0 ]; do
    if [ "$(stty size)" != "$seen" ]; then
        turn
        enlarge
        say
        seen=$(stty size)
    fi
    rounds=$((rounds - 1))
    [ "$rounds" -gt 0 ] && sleep 5
done
exit 0

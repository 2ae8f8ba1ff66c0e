# Says on the glass (its terminal) that this kiosk cannot read its data, which kiosk it is, and what to do about it.
# sh no-data.sh HOSTNAME ROUNDS. The card may be dying: it is said first, and only then are larger letters looked for.
# The smallest panel (800 × 480) has 15 lines of 50 large letters, and upright 48 smaller ones in each of its lines. No
# console can join Arabic ones.
set -u
host=$1
rounds=$2
card=/boot/firmware/semblante.toml
turned=/sys/class/graphics/fbcon
font=Uni2-TerminusBold

# What the settings file on the card says of this, if it can be read.
of_card() {
    sed -n "s/^ *$1 *= *[\"']\{0,1\}\([a-z0-9-]*\).*/\1/p" "$card" 2>/dev/null | head -n 1
}

text() {
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
    printf '%.48s\n' "Semblante [data] $host" "$kiosk $place" "make rescue CARD=... SEND=1, then make replace"
}

# From an empty glass, in bold white; without the last line's end, which would push the first one out.
say() {
    printf '\033%%G\033[0;1;37;40m\033[?25l\033[2J\033[H%s' "$(text)"
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
say
kiosk=$(of_card kiosk)
place=$(of_card store)/$(of_card point)
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

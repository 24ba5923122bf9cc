# shellcheck shell=sh
# For the tests in this folder: . "$(dirname "$0")/lib.sh", then check ... and finish.
top=${top_srcdir:-$(dirname "$0")/../..}
top=$(cd "$top" && pwd)
. "$top/tests/tap.sh"
program=$(cd "${top_builddir:-$top}" && pwd)/bounce-analyze
sample=$top/samples/mail.log
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99
LC_ALL=C.UTF-8 TZ=UTC
export LC_ALL TZ

# run ARGS...: sets $status; output in out, messages in err
run() {
	"$program" --now 2026-11-22T00:00 "$@" >out 2>err
	status=$?
}

explain_failure() {
	echo "status ${status:-?}"
	head -n 5 err out 2>/dev/null
}

status_is() { [ "$status" = "$1" ]; }
one_message() { [ "$(wc -l <err)" = 1 ] && grep -q '^bounce-analyze: ' err; }
# says TEXT: one clear line on standard error, with that in it
says() { one_message && grep -qF -- "$1" err; }
silent() { [ ! -s err ]; }
holds() { grep -qF -- "$1" out; }
no_control_bytes() { ! LC_ALL=C tr -d '\n\t' <"$1" | LC_ALL=C grep -q '[[:cntrl:]]'; }

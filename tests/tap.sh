# shellcheck shell=sh
# For tests in sh: . this file, then check LABEL COMMAND... or skip LABEL WHY, and at the end finish.  Output is TAP.
count=0 failed=0

# check LABEL COMMAND...: the command must succeed
check() {
	label=$1
	shift
	count=$((count + 1))
	if "$@"; then
		echo "ok $count - $label"
	else
		failed=$((failed + 1))
		echo "not ok $count - $label"
		explain_failure | sed 's/^/# /'
	fi
}

# What to show of a failed check; a test may say more.
explain_failure() { :; }

# skip LABEL WHY: named in the results, never silently left out
skip() {
	count=$((count + 1))
	echo "ok $count - $1 # SKIP $2"
}

finish() {
	echo "1..$count"
	exit $((failed > 0))
}

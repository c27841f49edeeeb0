# Sourced by ./up and ./check: installs what is needed from Debian's packages and
# npm, builds the web bundle and the program. Every step is skipped when it is done.

BUILD_PACKAGES="g++ cmake ninja-build pkg-config ccache git ca-certificates libsqlite3-dev libpq-dev \
libssl-dev zlib1g-dev libsimdjson-dev nlohmann-json3-dev libcli11-dev libboost-dev libfmt-dev libtomlplusplus-dev libcmark-gfm-dev \
libcmark-gfm-extensions-dev libre2-dev libzstd-dev libxxhash-dev libarchive-dev libdeflate-dev libjemalloc-dev libcurl4-openssl-dev libstemmer-dev libeigen3-dev liblinear-dev libicu-dev libpugixml-dev mold"
TEST_PACKAGES="clang clang-format libclang-rt-dev libgtest-dev librapidcheck-dev postgresql chromium librsvg2-2 fonts-dejavu-core python3 python3-yaml tar xz-utils zstd util-linux procps"

# The compiler cache serves every clone of the project, wherever it stands.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1 CCACHE_DEPEND=1 CCACHE_PCH_EXTSUM=1 CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime,locale

say() { printf '%s\n' "$*" >&2; }
die() { say "$0: $*"; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null 2>&1; then sudo "$@"
  else die "installing packages needs root: run this as root, or install sudo"; fi
}

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# install_packages NAMES…: those that are not there yet.
install_packages() {
  command -v apt-get >/dev/null 2>&1 || die "this sets itself up on Debian only; elsewhere install the packages named in tools/setup.sh and run cmake"
  missing=""
  for package in "$@"; do is_installed "$package" || missing="$missing $package"; done
  [ -z "$missing" ] && return 0
  say "Installing:$missing"
  log=build/install.log
  mkdir -p build
  # An earlier run may have been cut off in the middle of an installation.
  as_root dpkg --configure -a >"$log" 2>&1 || true
  as_root apt-get update >>"$log" 2>&1 || say "  the package lists could not be renewed; going on with those there are"
  # shellcheck disable=SC2086
  if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing >>"$log" 2>&1; then
    tail -n 15 "$log" >&2
    absent=""
    for package in $missing; do apt-cache show "$package" >/dev/null 2>&1 || absent="$absent $package"; done
    [ -n "$absent" ] && die "these packages can't be had here:$absent (Debian 12 and 13 have them; see build/install.log)"
    die "the packages could not be installed; see build/install.log, then run the same command again"
  fi
}

# Node.js 18 or newer: what is there, else Debian's.
install_node() {
  if command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1; then
    [ "$(node -p 'parseInt(process.versions.node)' 2>/dev/null || echo 0)" -ge 18 ] && return 0
  fi
  install_packages nodejs npm
}

# npm_install FOLDER: what its lock file says, once.
npm_install() {
  stamp="$1/node_modules/.installed"
  wanted=$(cat "$1/package.json" "$1/package-lock.json" | cksum)
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && return 0
  say "Installing the npm packages of $1"
  mkdir -p build
  log=build/npm-$(basename "$1").log
  (cd "$1" && npm ci --no-audit --no-fund --ignore-scripts) >"$log" 2>&1 || {
    tail -n 15 "$log" >&2
    die "the npm packages of $1 can't be had ($log); is the npm registry reachable?"
  }
  printf '%s' "$wanted" >"$stamp"
}

build_web() {
  bundle_of=$(cat web/package-lock.json web/vite.config.* web/tsconfig.json $(find web/src -type f | sort) | cksum)
  [ -f build/web/.built ] && [ "$(cat build/web/.built)" = "$bundle_of" ] && [ -s build/web/resident.js ] && return 0
  npm_install web
  say "Building the web bundle"
  (cd web && npm run --silent build) >build/web.log 2>&1 || { tail -n 30 build/web.log >&2; die "the web bundle could not be built"; }
  printf '%s' "$bundle_of" >build/web/.built
}

# build_preset PRESET [TARGETS…]: a whole build, files of a room compiled together where that says the same
# (cmake/together.cmake). Who works on the program configures by `cmake --preset PRESET` first, and each file stays alone.
# With RESIDENT_WITH_TESTS=yes, release has the unit tests too.
build_preset() {
  preset=$1; shift
  tests=""
  [ "$preset" = release ] && [ "${RESIDENT_WITH_TESTS:-no}" = yes ] && ! grep -qs 'RESIDENT_TESTS:BOOL=ON' build/release/CMakeCache.txt && tests=-DRESIDENT_TESTS=ON
  if [ ! -f "build/$preset/build.ninja" ] || [ -n "$tests" ]; then
    # shellcheck disable=SC2086
    cmake --preset "$preset" -DRESIDENT_TOGETHER=ON $tests >"build/cmake-$preset.log" 2>&1 || { tail -n 30 "build/cmake-$preset.log" >&2; die "cmake failed"; }
  fi
  if [ -t 2 ]; then ninja -C "build/$preset" "$@" >&2 || die "the build failed"
  else ninja -C "build/$preset" "$@" >"build/ninja-$preset.log" 2>&1 || { grep -vE '^\[[0-9]+/' "build/ninja-$preset.log" | tail -n 60 >&2; die "the build failed"; }; fi
}

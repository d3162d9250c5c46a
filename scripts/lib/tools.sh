# What the tests need beside Rust and a C compiler; installed with apt-get if missing.

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else echo "This needs root: $*" >&2; return 1
    fi
}

install_packages() {
    command -v apt-get >/dev/null || {
        echo "Install these with your package manager and run again: $*" >&2
        exit 1
    }
    echo "installing: $*"
    as_root apt-get update -qq
    # Settings that are there stay as they are, without a question: nobody is there to answer.
    as_root env DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 apt-get install -y -qq \
        --no-install-recommends -o Dpkg::Options::=--force-confold "$@" >/dev/null
}

# The newest folder of server programs, 15 or later.
postgres_bin() {
    local dir
    for dir in $(ls -d /usr/lib/postgresql/*/bin /usr/local/pgsql/bin 2>/dev/null | sort -rV); do
        [ -x "$dir/initdb" ] && { echo "$dir"; return; }
    done
    command -v initdb >/dev/null && dirname "$(command -v initdb)"
}

need_postgres() {
    [ -n "${ENLIST_TEST_POSTGRES:-}" ] && return
    # Debian starts a cluster when the package is installed: none is wanted here.
    if [ -z "$(postgres_bin)" ]; then
        as_root mkdir -p /etc/postgresql-common
        [ -e /etc/postgresql-common/createcluster.conf ] ||
            echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
        install_packages postgresql
    fi
    echo "PostgreSQL: $(postgres_bin)"
}

need_browser() {
    local missing=()
    command -v chromium >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
    command -v chromedriver >/dev/null || missing+=(chromium-driver)
    # Widths are tested at 390 pixels, so the letters must be the same everywhere.
    if command -v dpkg >/dev/null && ! dpkg -s fonts-liberation >/dev/null 2>&1; then
        missing+=(fonts-liberation)
    fi
    [ ${#missing[@]} = 0 ] || install_packages "${missing[@]}"
    # The fuzz targets link libFuzzer, which is C++.
    command -v c++ >/dev/null || install_packages g++
    echo "browser: $(chromium --version 2>/dev/null || google-chrome --version)"
}

# cargo-deny, built once into the target folder. Advisories need a network that a build machine
# may not have, so they are a command of their own: scripts/advisories.
deny() {
    local tools="${CARGO_TARGET_DIR:-target}/tools"
    if ! cargo deny --version >/dev/null 2>&1 && [ ! -x "$tools/bin/cargo-deny" ]; then
        cargo install --quiet --locked --root "$tools" cargo-deny --no-default-features
    fi
    PATH="$tools/bin:$PATH" cargo deny --log-level error check bans licenses sources
}

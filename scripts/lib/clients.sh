# The clients that people really use, from the package registries, in a scratch folder of the target
# folder: Python's in clients/python, Node's in clients/node_modules. Installed once for each list.

need_clients() {
    local here="$PWD/crates/cli/tests/clients"
    local into="${CARGO_TARGET_DIR:-target}/clients"
    local missing=()
    python3 -c 'import ensurepip, venv' >/dev/null 2>&1 || missing+=(python3-venv)
    command -v npm >/dev/null || missing+=(nodejs npm)
    command -v openssl >/dev/null || missing+=(openssl)
    [ ${#missing[@]} = 0 ] || install_packages "${missing[@]}"
    mkdir -p "$into"
    into="$(cd "$into" && pwd)"
    if ! cmp -s "$here/requirements.txt" "$into/requirements.txt"; then
        rm -rf "$into/python"
        python3 -m venv "$into/python"
        "$into/python/bin/pip" install --quiet --no-compile --requirement "$here/requirements.txt"
        cp "$here/requirements.txt" "$into/requirements.txt"
    fi
    if ! cmp -s "$here/package.json" "$into/package.json"; then
        cp "$here/package.json" "$into/package.json.new"
        rm -rf "$into/node_modules"
        (cd "$into" && mv package.json.new package.json &&
            npm install --silent --no-audit --no-fund --no-package-lock) ||
            { rm -f "$into/package.json"; return 1; }
    fi
    export ENLIST_TEST_CLIENTS="$into"
    echo "clients: $into"
}

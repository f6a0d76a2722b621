# Sourced by the launchers: sets JDK to the home of a JDK 25 or newer, or says in one line how to get one.
# A JDK tells its version in its file "release", so none has to be started to ask.

is_new_enough() {
    [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
    [ "${version:-0}" -ge 25 ]
}

find_jdk() {
    on_path=$(command -v java 2>/dev/null) && on_path=$(readlink -f "$on_path") && on_path=${on_path%/bin/java}
    for JDK in "${JAVA_HOME:-}" "${on_path:-}" /opt/halite/jdk /usr/lib/jvm/* /usr/java/* /opt/*jdk* /opt/java/* \
            "${HOME:-/root}"/.jdks/* "${HOME:-/root}"/.sdkman/candidates/java/*; do
        [ -n "$JDK" ] && is_new_enough "$JDK" && return 0
    done
    echo "halite: no JDK 25 or newer found; install one (Debian: apt install openjdk-25-jdk-headless, or" \
        "https://adoptium.net) or set JAVA_HOME to it" >&2
    return 1
}

#!/bin/sh
# What was released after 1.1.1 as 1.1.1t, OpenSSL's way for fixes, is older than it for RubyGems and for PHP, to which
# every letter is a pre-release, or unknown and so below nothing, and newer for dpkg. 1.0.0-1, a packager's first
# revision of 1.0.0, is older for RubyGems, as for npm's semver, and newer for PHP and dpkg. 1.0.post1, Python's "after
# 1.0", is a pre-release of 1.0 for RubyGems. And 1.0 is older than 1.0.0 for PHP and dpkg, equal for RubyGems. One
# would guess that all agree on what was released later. "Is there anything newer?" misses fixes, or finds the same
# release. Seen with RubyGems 3.3.15, PHP 8.2.36 and dpkg 1.21.22 (Debian 12).
# Needs apt-get; installs Debian's packages ruby and php-cli where they are missing. Exits non-zero where they behave
# otherwise.
set -eu
for package in ruby php-cli; do
    command -v "${package%-cli}" >/dev/null || apt-get install -y --no-install-recommends "$package" >/dev/null
done
printf 'RubyGems %s, %s, %s\n' "$(ruby -e 'print Gem::VERSION')" "$(php -r 'echo "PHP ", PHP_VERSION;')" "$(dpkg --version | head -n 1)"
found=
while read -r one other; do
    ruby=$(ruby -e 'print Gem::Version.new(ARGV[0]) <=> Gem::Version.new(ARGV[1])' "$one" "$other")
    php=$(php -r 'echo version_compare($argv[1], $argv[2]);' -- "$one" "$other")
    dpkg=0
    if dpkg --compare-versions "$one" gt "$other"; then dpkg=1; elif dpkg --compare-versions "$one" lt "$other"; then dpkg=-1; fi
    printf '%s and %s: RubyGems %s, PHP %s, dpkg %s\n' "$one" "$other" "$ruby" "$php" "$dpkg"
    found="$found$ruby $php $dpkg;"
done <<'VERSIONS'
1.1.1t 1.1.1
1.0.0-1 1.0.0
1.0.post1 1.0
1.0 1.0.0
VERSIONS
[ "$found" = '-1 -1 1;-1 1 1;-1 1 1;0 -1 -1;' ]

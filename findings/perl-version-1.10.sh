#!/bin/sh
# To Perl's version.pm 1.10 is older than 1.9, and newer than 1.11.0: a version with one full stop is a decimal number,
# of which each three digits make a part, so 1.10 is v1.100.0, 1.9 is v1.900.0 and 1.02 v1.20.0; with two full stops or
# a "v" the parts are numbers, and 1.10.0 is v1.10.0, so 1.10 and 1.10.0 are ninety releases apart. Sort::Versions puts
# them as people do. One would guess the order of other tools. Among tags and releases, of which some have two parts and
# some three, the newest is a wrong one, and "at least 1.9" refuses 1.10. Seen with Perl 5.36.0, its version 0.9929, and
# Sort::Versions 1.62 (Debian 12).
# Needs apt-get; installs Debian's packages perl and libsort-versions-perl where they are missing. Exits non-zero where
# they behave otherwise.
set -eu
perl -MSort::Versions -e1 2>/dev/null || apt-get install -y --no-install-recommends perl libsort-versions-perl >/dev/null
perl -Mversion -MSort::Versions -we '
print "Perl $^V, version ", version->VERSION, ", Sort::Versions $Sort::Versions::VERSION\n";
my $found = "";
for ([qw(1.10 1.9)], [qw(1.10 1.11.0)], [qw(1.10 1.10.0)], [qw(v1.10 v1.9)]) {
    my ($one, $other) = @$_;
    my ($first, $second) = (version->parse($one) <=> version->parse($other), versioncmp($one, $other));
    print "$one (", version->parse($one)->normal, ") and $other (", version->parse($other)->normal, "): version $first, Sort::Versions $second\n";
    $found .= "$first ";
}
exit($found eq "-1 1 1 1 " ? 0 : 1);'

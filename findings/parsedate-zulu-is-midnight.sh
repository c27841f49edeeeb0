#!/bin/sh
# Perl's Time::ParseDate takes the time that forges write, "2026-01-05T09:15:00Z", for midnight of that day, and the
# same with +02:00 for 07:15, which is right: what it cannot read, here "T09:15:00Z", it leaves out and says nothing,
# unless WHOLE is asked for. "Jan 2026" is 19 July 2031, and the release "1.5.2" 5 January 2002. One would guess that
# ISO 8601 with a Z is read where it is with an offset, and undef otherwise, as there is for text without any date. Each
# wait of less than a day is 0, or a whole day. Seen with Time::ParseDate 2015.103 (Debian 12).
# Needs apt-get; installs Debian's package libtime-parsedate-perl where it is missing. Exits non-zero where it behaves
# otherwise.
set -eu
perl -MTime::ParseDate -e1 2>/dev/null || apt-get install -y --no-install-recommends libtime-parsedate-perl >/dev/null
TZ=UTC perl -MTime::ParseDate -MPOSIX=strftime -we '
print "Time::ParseDate $Time::ParseDate::VERSION\n";
my @found;
for my $text ("2026-01-05T09:15:00Z", "2026-01-05T09:15:00+02:00", "2026-01-05 09:15:00", "Jan 2026", "1.5.2") {
    my $time = parsedate($text, NOW => 1767607200); # 5 January 2026, 10:00 UTC
    push @found, defined $time ? strftime("%F %R", gmtime $time) : "undef";
    print "$text: $found[-1]\n";
}
my ($whole, $error) = parsedate("2026-01-05T09:15:00Z", NOW => 1767607200, WHOLE => 1);
print "the first, with WHOLE: ", $whole // "undef ($error)", "\n";
exit(join(",", @found) eq "2026-01-05 00:00,2026-01-05 07:15,2026-01-05 09:15,2031-07-19 00:00,2002-01-05 00:00" && !defined $whole ? 0 : 1);'

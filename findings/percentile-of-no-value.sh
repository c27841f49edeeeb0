#!/bin/sh
# Perl's Statistics::Descriptive has two middles: of 1, 2, 3 and 4 days median() is 2.5 and percentile(50) is 2, and
# percentile(5) is undef, as is each below one value's share, 25 % here; in a sum or a table undef is 0, so the quickest
# twentieth took no time. percentile() takes a value that was there, quantile() one in between: of 1 to 10
# percentile(75) is 8, quantile(3) 7.75. One would guess that the fiftieth percentile is the median, and that a low
# percentile is at least the least value. Seen with Statistics::Descriptive 3.0800 (Debian 12).
# Needs apt-get; installs Debian's package libstatistics-descriptive-perl where it is missing. Exits non-zero where it
# behaves otherwise.
set -eu
perl -MStatistics::Descriptive -e1 2>/dev/null || apt-get install -y --no-install-recommends libstatistics-descriptive-perl >/dev/null
perl -MStatistics::Descriptive -we '
sub of { my $s = Statistics::Descriptive::Full->new; $s->add_data(@_); $s }
my ($four, $ten) = (of(1 .. 4), of(1 .. 10));
my $low = $four->percentile(5);
my @found = ($four->median, scalar $four->percentile(50), $low // "undef", scalar $ten->percentile(75), $ten->quantile(3));
print "Statistics::Descriptive $Statistics::Descriptive::VERSION, of 1 to 4: median $found[0], percentile(50) $found[1], percentile(5) $found[2]\n";
print "of 1 to 10: percentile(75) $found[3], quantile(3) $found[4]\n";
exit("@found" eq "2.5 2 undef 8 7.75" ? 0 : 1);'

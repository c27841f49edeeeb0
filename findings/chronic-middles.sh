#!/bin/sh
# For Ruby's Chronic a time that is not named to the last is in the middle of what is meant: "may" is 16 May, noon,
# "next month", said on 5 January, 15 February, "2026-01" 16 January, "last week" the Wednesday of it, "friday" its
# noon; and "end of month" is 19 January. One would guess the beginning, as d3, moment and `date` have it, or for an end
# the end. A milestone due "2026-03" is due in its middle, "since may" leaves out half of May, "closed since friday"
# what was closed on Friday morning, and what is due at the end of the month is overdue on the 20th. guess: :begin gives
# the beginnings. Seen with Chronic 0.10.5 (Debian 12).
# Needs apt-get; installs Debian's package ruby-chronic where it is missing. Exits non-zero where it behaves otherwise.
set -eu
ruby -e 'require "chronic"' 2>/dev/null || apt-get install -y --no-install-recommends ruby-chronic >/dev/null
TZ=UTC ruby -e '
require "chronic"
puts "Chronic #{Chronic::VERSION}, said on Monday, 5 January 2026, at 10:00"
found = ["may", "next month", "2026-01", "last week", "friday", "end of month"].map do |text|
  time = Chronic.parse(text, now: Time.utc(2026, 1, 5, 10))
  puts "#{text}: #{time.strftime("%a %F %R")}"
  time.strftime("%m-%d %H")
end
exit(found == ["05-16 12", "02-15 00", "01-16 12", "12-31 12", "01-09 12", "01-19 00"])'

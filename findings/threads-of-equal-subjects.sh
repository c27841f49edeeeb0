#!/bin/sh
# Perl's Mail::Thread makes one thread of all mails of one subject, however far apart: of "Status report" of 5 January,
# another of 2 February, and an answer to that of 3 February whose mail program wrote no In-Reply-To, the answer hangs
# below January's, below February's, or beside both, another time another way, as Perl's hashes happen to be ordered. It
# follows a well-known description of threading, in which what has no references is joined by its subject, and no date
# is looked at. notmuch has three threads. One would guess that an answer without references is put to the mail before
# it, or to none. Monthly reports, calls for votes and releases are such subjects; a time to the first answer, taken
# within threads, is 29 days for a report that nobody answered, or none for the one that was answered overnight, and two
# runs do not agree. Seen with Mail::Thread 2.55 and notmuch 0.37 (Debian 12).
# Needs perl and apt-get; installs Debian's packages libmail-thread-perl and notmuch where they are missing. Exits
# non-zero where they behave otherwise.
set -eu
{ perl -MMail::Thread -MEmail::Simple -e 1 && command -v notmuch; } >/dev/null 2>&1 ||
    apt-get install -y --no-install-recommends libmail-thread-perl notmuch >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir -p mail/cur mail/new mail/tmp
mail() { # ID FROM SUBJECT DATE
    printf 'From: %s@example.org\nTo: list@example.org\nSubject: %s\nDate: %s\nMessage-ID: <%s@example.org>\n\nText\n' \
        "$2" "$3" "$4" "$1" >"mail/cur/$1:2,S"
}
mail january ada 'Status report' 'Mon, 05 Jan 2026 09:15:00 +0000'
mail february ada 'Status report' 'Mon, 02 Feb 2026 09:15:00 +0000'
mail answer bob 'Re: Status report' 'Tue, 03 Feb 2026 09:15:00 +0000'
cat >show.pl <<'PERL'
use strict;
use warnings;
use Email::Simple;
use Mail::Thread;

my @mails = map { local $/; open my $file, '<', $_ or die; Email::Simple->new(scalar <$file>) } sort { $b cmp $a } glob('mail/cur/*');
my $threads = Mail::Thread->new(@mails);
$threads->thread;
print "Mail::Thread $Mail::Thread::VERSION\n";

sub show {
    my ($node, $depth) = @_;
    return unless $node;
    print '  ' x $depth, ($node->message ? $node->messageid : '(none)'), "\n";
    show($node->child, $depth + 1);
    show($node->next, $depth);
}
show($_, 0) for $threads->rootset;
PERL
for seed in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    PERL_HASH_SEED=$seed perl show.pl >threads.txt
    grep -B 1 'answer@' threads.txt | head -n 1 | sed 's/^ *//; s/@.*//'
done | sort | uniq -c >above.txt
cat threads.txt
echo 'above the answer, in twenty runs:'
cat above.txt
printf '[database]\npath=%s/mail\n[user]\nname=Ada\nprimary_email=ada@example.org\n[new]\ntags=inbox\n' "$folder" >config
export NOTMUCH_CONFIG="$folder/config"
notmuch --version
notmuch new >new.txt 2>&1
echo "notmuch: $(notmuch count --output=threads '*') threads"
[ "$(notmuch count --output=threads '*')" = 3 ] && [ "$(grep -c '^[^ M]' threads.txt)" -eq 1 ] && [ "$(wc -l <above.txt)" -ge 2 ]

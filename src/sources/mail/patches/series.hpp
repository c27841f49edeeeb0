// Mails with patches, joined to series with their versions, and the answers to them. Lists know no series: what belongs
// together is told by numbers in subjects, threads, who sent it, and what it changes. First the mails that were sent
// together (one sender, one version, one count of parts, in one thread or within a day), then which of these is a later
// version of which:
//   a change-id, or a link to an earlier version;
//   an answer in an earlier version's thread by the same sender, that says a version, has a title of it, or replaces
//   one of its parts; the same titles, the same patch, or the same files with much the same title, by the same sender,
//   or by another one who says that it is a later version.
// A later version that is a part alone, sent into the thread of the series, stands for that part; the others stay.
// Backports to a maintenance branch are series of their own.
//
// Promises: pure; the same mails give the same series, in whatever order they come; near linear in their number.
#pragma once

#include <map>
#include <optional>
#include <sources/mail/patches/mail_facts.hpp>
#include <string>
#include <vector>

namespace resident::mail {

// A part as it stands in a version; mail: npos where it is missing from the archive.
struct SeriesPart {
  static constexpr std::size_t kMissing = static_cast<std::size_t>(-1);
  std::size_t mail = kMissing;
  std::size_t version = 0;  // position of the version that brought it
};

struct SeriesVersion {
  int number = 1;  // as told; a version that is not told has that of the one before it
  bool is_told = false, is_resend = false;
  bool is_partial = false;  // a part alone, sent into the thread: the others stay as they were
  std::optional<std::size_t> cover;
  std::map<int, std::size_t> own;  // number of the part → mail
  int total = 1;
  std::size_t first = 0;            // the earliest of its mails
  Timestamp at = 0;                 // of that
  std::map<int, SeriesPart> parts;  // as it stands: own ones, and those that stay; 1 to total

  bool is_incomplete() const;
};

struct SeriesAnswer {
  std::size_t mail = 0;
  std::size_t target = 0;  // the cover letter or part that it speaks of
};

struct Series {
  std::vector<SeriesVersion> versions;  // by time
  std::vector<SeriesAnswer> answers;    // by time
  std::string how_joined;               // for people: how the last version was joined
  bool is_pull_request = false;
  std::string backport_of;  // the commit that it carries to another branch
  std::string stable_tree;

  const SeriesVersion& last() const { return versions.back(); }
  std::size_t first() const { return versions.front().first; }
};

// Answers that bring a whole patch in their text are patches, where who sent the patch that they answer sends them: a
// new version in an answer. By others they are proposals.
void promote_reply_patches(std::vector<MailFacts>& mails);

// mails: with different keys. In order of the series' first mails.
std::vector<Series> assemble_series(const std::vector<MailFacts>& mails);

}  // namespace resident::mail

// Which commit a patch became. The repository's own evidence, strongest first:
//   link             the commit's message names the mail (Link:, Message-Id:), or the cover letter and has the title
//   patch-id         the commit changes the same lines (git patch-id --stable)
//   author and date  the commit's author and author date are the mail's: `git am` takes them from it, whatever else a
//                    maintainer changed
//   title            the subject is the same, committed after the mail was sent, by the same author or in the same
//   files discussion       the commit names another mail of the thread (Discussion:)
// Only commits that a branch or tag reaches count. What somebody says of it is no evidence here.
#pragma once

#include <memory>
#include <optional>
#include <sources/mail/patches/series.hpp>
#include <store/writer.hpp>
#include <string>
#include <vector>

namespace resident::mail {

struct FoundCommit {
  std::string sha, how;
  Timestamp at = 0;  // committed
  PersonRecord committer, author;
};

class CommitFinder {
 public:
  // Reads the project's commits since that moment from the store, and asks git for the diffs of those that may be
  // meant, in the project's clone. Where there is no clone, patch-ids are left out.
  CommitFinder(Writer& writer, Timestamp since);
  ~CommitFinder();

  // Prepares patch-ids for the patches for which nothing stronger is known; call once, with all.
  void prepare(const std::vector<MailFacts>& mails, const std::vector<Series>& series);
  // of: the part's mail.
  std::optional<FoundCommit> find(const Series& series, std::size_t version, std::size_t mail,
                                  const std::vector<MailFacts>& mails) const;
  // The commit of that id, or of the only one that begins so.
  std::optional<FoundCommit> commit(const std::string& sha) const;
  // Commits that lead to `head` and not to `base`, without merges, oldest first; nothing where either is not known, or
  // where there are too many.
  std::vector<std::string> range(const std::string& base, const std::string& head) const;
  // What is known of who commits others' work.
  bool is_committer(const std::string& person) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace resident::mail

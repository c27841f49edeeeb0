// Tags in the answers to a series, as reviews: which count, whom they are of, when somebody's tags cover a whole
// version, and which of these a later version takes back.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <sources/mail/patches/series.hpp>
#include <store/patch_book.hpp>
#include <string>
#include <vector>

namespace resident::mail {

class SeriesReviews {
 public:
  SeriesReviews(const Series& series, const std::vector<MailFacts>& mails) : series_(series), mails_(mails) {}

  std::vector<PatchTagRecord> tags_of(const SeriesAnswer& answer) const;
  // One for each answer with a tag that counts. sha: of the head, as every version is called.
  std::vector<ReviewRecord> take(const std::string& sha, const std::function<std::string(std::size_t)>& body_of);

 private:
  struct Standing {
    std::set<int> parts;     // covered, of the version
    std::size_t review = 0;  // place of the approval
    bool approves = false;
  };
  std::string note_against(const ReviewTag& tag, const SeriesAnswer& answer) const;
  bool is_giver(const ReviewTag& tag, const MailFacts& answer) const;
  std::size_t version_at(Timestamp at) const;
  std::set<int> carried(std::size_t version, const std::string& person, const std::set<int>& before) const;
  void next_version(std::size_t version, std::vector<ReviewRecord>& reviews);

  const Series& series_;
  const std::vector<MailFacts>& mails_;
  std::map<std::string, Standing> standing_;  // by person_key
};

}  // namespace resident::mail

#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <sources/mail/patches/series_reviews.hpp>

namespace resident::mail {

namespace {

PersonRecord person_of(const ReviewTag& tag) {
  PersonRecord person;
  person.provider = "mail";
  person.name = tag.name;
  person.email = tag.email;
  return person;
}

bool approves(const ReviewTag& tag) {
  return tag.token == "reviewed-by" || tag.token == "acked-by";
}

bool is_same(const PersonRecord& a, const PersonRecord& b) {
  if (!a.email.empty() && to_lower(a.email) == to_lower(b.email)) return true;
  const std::string name = title_key(a.name);
  return !name.empty() && name == title_key(b.name);
}

}  // namespace

bool SeriesReviews::is_giver(const ReviewTag& tag, const MailFacts& answer) const {
  return is_same(person_of(tag), answer.sender);
}

// Why it does not count; "" where it does.
std::string SeriesReviews::note_against(const ReviewTag& tag, const SeriesAnswer& answer) const {
  const MailFacts& mail = mails_[answer.mail];
  if (!is_giver(tag, mail)) return "given for somebody else";
  const MailFacts& target = mails_[answer.target];
  const PersonRecord person = person_of(tag);
  if (tag.token != "nacked-by" && (is_same(person, target.author) || is_same(person, target.sender)))
    return "by the patch's author";
  return {};
}

std::vector<PatchTagRecord> SeriesReviews::tags_of(const SeriesAnswer& answer) const {
  std::vector<PatchTagRecord> records;
  const MailFacts& mail = mails_[answer.mail];
  for (const ReviewTag& tag : mail.tags) {
    PatchTagRecord record{tag.token, person_of(tag), true, note_against(tag, answer)};
    record.counts = record.note.empty();
    if (record.counts && !tag.email.empty() && to_lower(tag.email) != to_lower(mail.sender.email))
      record.note = "another address than the one that it was sent from";
    records.push_back(std::move(record));
  }
  return records;
}

std::size_t SeriesReviews::version_at(Timestamp at) const {
  std::size_t version = 0;
  while (version + 1 < series_.versions.size() && series_.versions[version + 1].at <= at) ++version;
  return version;
}

// Parts of a version that the person's tags still cover: those whose message has the tag, and those that are what the
// person saw, by patch-id.
std::set<int> SeriesReviews::carried(std::size_t version, const std::string& person,
                                     const std::set<int>& before) const {
  std::set<std::string> seen;
  if (version > 0)
    for (const auto& [number, part] : series_.versions[version - 1].parts)
      if (before.contains(number) && part.mail != SeriesPart::kMissing && !mails_[part.mail].patch_id.empty())
        seen.insert(mails_[part.mail].patch_id);
  std::set<int> parts;
  for (const auto& [number, part] : series_.versions[version].parts) {
    if (part.mail == SeriesPart::kMissing) continue;
    const MailFacts& mail = mails_[part.mail];
    const bool has_tag = std::any_of(mail.tags.begin(), mail.tags.end(), [&](const ReviewTag& tag) {
      return approves(tag) && person_key(person_of(tag)) == person;
    });
    if (has_tag || seen.contains(mail.patch_id)) parts.insert(number);
  }
  return parts;
}

void SeriesReviews::next_version(std::size_t version, std::vector<ReviewRecord>& reviews) {
  const SeriesVersion& each = series_.versions[version];
  for (auto& [person, standing] : standing_) {
    standing.parts = carried(version, person, standing.parts);
    const bool covers = !each.parts.empty() && standing.parts.size() == each.parts.size();
    if (standing.approves && !covers) {
      reviews[standing.review].dismissed_at = each.at;
      standing.approves = false;
    }
  }
}

std::vector<ReviewRecord> SeriesReviews::take(const std::string& sha,
                                              const std::function<std::string(std::size_t)>& body_of) {
  std::vector<ReviewRecord> reviews;
  std::size_t version = 0;
  for (const SeriesAnswer& answer : series_.answers) {
    const MailFacts& mail = mails_[answer.mail];
    for (const std::size_t now = version_at(mail.at); version < now;) next_version(++version, reviews);
    const std::vector<PatchTagRecord> tags = tags_of(answer);
    if (std::none_of(tags.begin(), tags.end(), [](const auto& tag) { return tag.counts; })) continue;
    ReviewRecord review;
    review.key = mail.key;
    review.author = mail.sender;
    review.submitted_at = mail.at;
    review.sha = sha;
    bool is_approval = false, is_objection = false;
    for (std::size_t i = 0; i < tags.size(); ++i) {
      if (!tags[i].counts) continue;
      is_approval = is_approval || approves(mail.tags[i]);
      is_objection = is_objection || mail.tags[i].token == "nacked-by";
    }
    const std::map<int, SeriesPart>& parts = series_.versions[version].parts;
    Standing& standing = standing_[mail.sender_key()];
    if (is_approval) {
      // An answer to the cover letter is for all; one to a part for that part, as it stands now.
      const MailFacts& target = mails_[answer.target];
      std::set<int> covered;
      for (const auto& [number, part] : parts)
        if (target.role != PatchRole::patch || part.mail == answer.target ||
            (part.mail != SeriesPart::kMissing && !target.patch_id.empty() &&
             mails_[part.mail].patch_id == target.patch_id))
          covered.insert(number);
      const std::set<int> kept = carried(version, mail.sender_key(), {});
      standing.parts.insert(covered.begin(), covered.end());
      standing.parts.insert(kept.begin(), kept.end());
    }
    if (is_objection) {
      review.state = "changes_requested";
    } else if (is_approval && !parts.empty() && standing.parts.size() >= parts.size()) {
      review.state = "approved";
    }
    // A tag for some parts, with no more words, asks nothing of anybody.
    if (review.state != "commented" || !mail.only_tags) review.body = body_of(answer.mail);
    if (review.state == "approved") standing.approves = true, standing.review = reviews.size();
    if (review.state == "changes_requested") standing.approves = false, standing.parts.clear();
    reviews.push_back(std::move(review));
  }
  while (version + 1 < series_.versions.size()) next_version(++version, reviews);
  return reviews;
}

}  // namespace resident::mail

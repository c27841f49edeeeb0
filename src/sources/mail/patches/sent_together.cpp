#include <fmt/format.h>

#include <algorithm>
#include <sources/mail/patches/sent_together.hpp>

namespace resident::mail {

namespace {

constexpr Timestamp kUnthreadedReach = kDay;     // parts of one version that no thread joins
constexpr Timestamp kThreadedReach = 21 * kDay;  // of one thread: beyond, the same number is another version

class Grouper {
 public:
  Grouper(const std::vector<MailFacts>& mails, const std::vector<std::size_t>& order, const KeyIndex& index)
      : mails_(mails), order_(order), index_(index), group_of_(mails.size(), kNone) {}

  std::vector<SentTogether> run() {
    for (const std::size_t place : order_)
      if (mails_[place].is_of_series()) begin(place);
    // Parents may be dated after their parts: all are looked at once more when all are there.
    for (const std::size_t place : order_)
      if (mails_[place].is_of_series() && is_numbered(place)) join_thread(place);
    join_siblings();
    join_by_time();
    std::vector<SentTogether> result;
    for (Group& group : groups_)
      if (!group.is_gone) result.push_back(std::move(group.sent));
    std::sort(result.begin(), result.end(), [&](const SentTogether& a, const SentTogether& b) {
      return std::tie(mails_[a.first].at, mails_[a.first].key) < std::tie(mails_[b.first].at, mails_[b.first].key);
    });
    return result;
  }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  struct Group {
    SentTogether sent;
    std::string signature;
    bool is_resend = false;
    Timestamp begin = 0, end = 0;
    bool is_gone = false;
  };

  // What is sent again stands apart, where no thread tells.
  static std::string kind_of(const Group& group) { return group.signature + (group.is_resend ? "\nagain" : ""); }

  bool is_numbered(std::size_t place) const {
    return mails_[place].parsed.has_number() && !mails_[place].parsed.is_reply;
  }

  // That it is another version may stand in the cover letter alone, and the parts answer that.
  int version_of(const MailFacts& mail) const {
    if (mail.parsed.tells_version || mail.references.empty()) return mail.parsed.version;
    const auto found = index_.find(mail.references.back());
    if (found == index_.end()) return mail.parsed.version;
    const MailFacts& cover = mails_[found->second];
    const bool is_its = cover.parsed.is_cover() && !cover.parsed.is_reply && cover.parsed.parts == mail.parsed.parts &&
                        cover.sender_key() == mail.sender_key();
    return is_its ? cover.parsed.version : mail.parsed.version;
  }

  void begin(std::size_t place) {
    const MailFacts& mail = mails_[place];
    Group group;
    group.sent.first = place;
    group.begin = group.end = mail.at;
    if (mail.parsed.has_number()) group.sent.total = mail.parsed.parts;
    // What is brought in an answer stands for itself.
    if (mail.parsed.has_number() && !mail.parsed.is_reply) {
      group.signature = fmt::format("{}\n{}\n{}\n{}{}", mail.sender_key(), version_of(mail), mail.parsed.parts,
                                    mail.parsed.is_pull_request, mail.parsed.stable_tree());
      group.is_resend = mail.parsed.is_resend;
    }
    if (mail.role == PatchRole::patch)
      group.sent.parts.emplace(mail.parsed.has_number() ? mail.parsed.part : 1, place);
    else
      group.sent.cover = place;
    group_of_[place] = groups_.size();
    groups_.push_back(std::move(group));
  }

  bool join(std::size_t into, std::size_t from, Timestamp reach) {
    if (into == from) return true;
    if (groups_[into].is_resend != groups_[from].is_resend && !is_resent_by_cover(groups_[into])) return false;
    if (groups_[into].sent.parts.size() < groups_[from].sent.parts.size()) std::swap(into, from);
    Group &a = groups_[into], &b = groups_[from];
    if (a.signature.empty() || a.signature != b.signature) return false;
    if (a.sent.cover && b.sent.cover) return false;
    if (std::max(a.end, b.end) - std::min(a.begin, b.begin) > reach) return false;
    for (const auto& [number, place] : b.sent.parts)
      if (a.sent.parts.contains(number)) return false;
    for (const auto& [number, place] : b.sent.parts) {
      a.sent.parts.emplace(number, place);
      group_of_[place] = into;
    }
    if (b.sent.cover) a.sent.cover = b.sent.cover, group_of_[*b.sent.cover] = into;
    a.begin = std::min(a.begin, b.begin);
    a.end = std::max(a.end, b.end);
    if (std::pair(mails_[b.sent.first].at, mails_[b.sent.first].parsed.part) <
        std::pair(mails_[a.sent.first].at, mails_[a.sent.first].parsed.part))
      a.sent.first = b.sent.first;
    a.is_resend = a.is_resend || b.is_resend;
    b.is_gone = true;
    return true;
  }

  // That it is sent again may stand in the cover letter alone, and the parts answer that.
  bool is_resent_by_cover(const Group& group) const {
    return group.is_resend && group.sent.cover &&
           std::none_of(group.sent.parts.begin(), group.sent.parts.end(),
                        [&](const auto& part) { return mails_[part.second].parsed.is_resend; });
  }

  void join_thread(std::size_t place) {
    const auto& references = mails_[place].references;
    for (auto each = references.rbegin(); each != references.rend(); ++each) {
      const auto found = index_.find(*each);
      if (found == index_.end() || group_of_[found->second] == kNone) continue;
      if (join(group_of_[found->second], group_of_[place], kThreadedReach)) return;
    }
  }

  // Parts that answer the same mail, which the archive lacks: a cover letter, most often.
  void join_siblings() {
    std::unordered_map<std::string, std::size_t> by_parent;
    for (const std::size_t place : order_) {
      const MailFacts& mail = mails_[place];
      if (!mail.is_of_series() || !is_numbered(place) || mail.references.empty()) continue;
      if (index_.contains(mail.references.back())) continue;
      const auto [found, is_new] =
          by_parent.emplace(kind_of(groups_[group_of_[place]]) + "\n" + mail.references.back(), place);
      if (!is_new && !join(group_of_[found->second], group_of_[place], kThreadedReach)) found->second = place;
    }
  }

  void join_by_time() {
    std::unordered_map<std::string, std::size_t> newest;
    for (const std::size_t place : order_) {
      if (!mails_[place].is_of_series() || !is_numbered(place)) continue;
      const Group& group = groups_[group_of_[place]];
      if (group.sent.parts.size() >= static_cast<std::size_t>(group.sent.total)) continue;
      const auto [found, is_new] = newest.emplace(kind_of(group), place);
      if (!is_new && !join(group_of_[found->second], group_of_[place], kUnthreadedReach)) found->second = place;
    }
  }

  const std::vector<MailFacts>& mails_;
  const std::vector<std::size_t>& order_;
  const KeyIndex& index_;
  std::vector<std::size_t> group_of_;
  std::vector<Group> groups_;
};

}  // namespace

std::vector<SentTogether> sent_together(const std::vector<MailFacts>& mails, const std::vector<std::size_t>& order,
                                        const KeyIndex& index) {
  return Grouper(mails, order, index).run();
}

}  // namespace resident::mail

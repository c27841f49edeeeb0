#include <fmt/format.h>

#include <algorithm>
#include <base/packed.hpp>
#include <base/text.hpp>
#include <framework/learnt.hpp>
#include <map>
#include <model/queues/approval_habits.hpp>
#include <model/queues/approval_words.hpp>
#include <model/queues/review_habits.hpp>
#include <model/review_state.hpp>
#include <stats/intervals.hpp>
#include <store/event_details.hpp>
#include <text/speech.hpp>
#include <utility>
#include <vector>

namespace resident {

namespace {

constexpr std::size_t kMostMerged = 1000;  // merged pull requests that are looked through for approved ones

// Identities, and how many merged pull requests of others each approved in words.
using Approved = std::vector<std::int64_t>;  // identity, number, identity, number, …

Approved count_approved(const Context& context) {
  const ApprovalWords approval(context.config.review);
  std::map<std::int64_t, std::set<std::int64_t>> approved;  // items, by identity
  for (const std::string& sql :
       {"SELECT c.author_id, c.item_id, c.body FROM comment c JOIN item i ON i.project_id = c.project_id AND i.item_id "
        "= +c.item_id WHERE c.project_id = :project AND i.kind = 'pull' AND i.merged_at <= :as_of AND c.created_at <= "
        ":as_of AND c.kind = 'conversation' AND c.author_id <> i.author_id AND " +
            approval.condition("c.body"),
        "SELECT r.author_id, r.item_id, r.body FROM review r JOIN item i ON i.project_id = r.project_id AND i.item_id "
        "= +r.item_id WHERE r.project_id = :project AND i.kind = 'pull' AND i.merged_at <= :as_of AND r.submitted_at "
        "<= :as_of AND r.author_id <> i.author_id AND " +
            approval.condition("r.body")})
    for (const auto rows = context.database.query(sql, context.parameters()); rows->next();)
      if (approval.approve(own_words(rows->text(2)))) approved[rows->integer(0)].insert(rows->integer(1));
  Approved counted;
  for (const auto& [identity, items] : approved) {
    counted.push_back(identity);
    counted.push_back(static_cast<std::int64_t>(items.size()));
  }
  return counted;
}

// How many merged pull requests of others each person approved, by the beginning of the moment's week.
std::map<std::int64_t, std::int64_t> approved_by_person(const Context& context, const People& people) {
  const std::string basis =
      fmt::format("5: {} comments, {} reviews, {} by {}",
                  count_when_learning(context, "comment WHERE project_id = :project AND created_at"),
                  count_when_learning(context, "review WHERE project_id = :project AND submitted_at"),
                  context.config.review.approval_pattern, format_date(learning_moment(context.as_of)));
  const Approved counted = kept_or_made(
      context, "regular-approvers", basis,
      [](std::string_view bytes) {
        Unpacker unpacker(bytes);
        auto kept = unpacker.numbers<std::int64_t>();
        unpacker.finish();
        return kept;
      },
      [&] { return count_approved(when_learning(context)); },
      [](const Approved& made) {
        Packer packer;
        packer.numbers(made);
        return packer.take();
      });
  // Identities, since people may have been joined since.
  std::map<std::int64_t, std::int64_t> result;
  for (std::size_t i = 0; i + 1 < counted.size(); i += 2)
    if (const std::int64_t person = people.person(counted[i]); person != 0 && !people.bots.contains(person))
      result[person] += counted[i + 1];
  return result;
}

// A merged pull request, and what of the approvals stood.
struct Merged {
  std::int64_t item = 0, author = 0, merger = 0;
  Timestamp at = 0, last_push = 0;
  std::string head;
  bool is_own = false;  // its author might have merged it
  struct Approval {
    Timestamp at = 0;
    std::string sha;
  };
  std::map<std::int64_t, Approval> approvals;  // by person
};

class Counter {
 public:
  Counter(const Context& context, const People& people, bool by_comment, bool dismisses)
      : context_(context), people_(people), by_comment_(by_comment), dismisses_(dismisses) {}

  // In order of time: of each that had any, how many approvals stood at the merge.
  struct Numbers {
    std::vector<int> others, own;  // own: without that of whoever merged
    std::vector<int> all_as_others, all_as_own;
  };

  Numbers count() {
    load_merged();
    if (pulls_.empty()) return {};
    pushes();
    decisions();
    Numbers numbers;
    for (const Merged& pull : pulls_) {
      int standing = 0, of_merger = 0;
      for (const auto& [person, approval] : pull.approvals) {
        if (dismisses_ && !is_of_head(pull, approval)) continue;
        ++standing;
        of_merger += person == pull.merger;
      }
      if (standing == 0) continue;
      (pull.is_own ? numbers.own : numbers.others).push_back(pull.is_own ? standing - of_merger : standing);
      numbers.all_as_others.push_back(standing);
      numbers.all_as_own.push_back(standing - of_merger);
    }
    return numbers;
  }

 private:
  static bool is_of_head(const Merged& pull, const Merged::Approval& approval) {
    if (!approval.sha.empty() && !pull.head.empty()) return is_same_commit(approval.sha, pull.head);
    return approval.at >= pull.last_push;
  }

  std::int64_t human(const std::optional<std::int64_t>& identity) const {
    const std::int64_t person = people_.person(identity);
    return people_.bots.contains(person) ? 0 : person;
  }

  void load_merged() {
    std::map<std::int64_t, std::int64_t> mergers;
    for (const auto rows = context_.database.query(
             "SELECT item_id, actor_id FROM event WHERE project_id = :project AND kind = 'merged' AND occurred_at <= "
             ":as_of",
             context_.parameters());
         rows->next();)
      mergers[rows->integer(0)] = human(rows->optional_integer(1));
    const bool are_configured = !context_.config.maintainers.empty();
    std::map<std::int64_t, Timestamp> merged_last;  // by person
    for (const auto rows = context_.database.query(
             "SELECT item_id, author_id, merged_by, merged_at, head_sha FROM item WHERE project_id = :project AND kind "
             "= 'pull' AND merged_at <= :as_of ORDER BY merged_at, item_id",
             context_.parameters());
         rows->next();) {
      Merged pull;
      pull.item = rows->integer(0);
      pull.author = people_.person(rows->optional_integer(1));
      pull.merger = human(rows->optional_integer(2));
      if (pull.merger == 0) pull.merger = mergers[pull.item];
      pull.at = rows->integer(3);
      pull.head = rows->string(4);
      const auto last = merged_last.find(pull.author);
      pull.is_own = are_configured ? people_.maintainers.contains(pull.author)
                                   : last != merged_last.end() && last->second > pull.at - 2 * 365 * kDay;
      if (pull.merger != 0) merged_last[pull.merger] = pull.at;
      pulls_.push_back(std::move(pull));
    }
    if (pulls_.size() > kMostMerged) pulls_.erase(pulls_.begin(), pulls_.end() - kMostMerged);
    for (std::size_t i = 0; i < pulls_.size(); ++i) place_.emplace(pulls_[i].item, i);
    parameters_ = context_.parameters();
    parameters_.emplace_back("since", pulls_.empty() ? 0 : pulls_.front().at);
  }

  Merged* find(std::int64_t item) {
    const auto found = place_.find(item);
    return found == place_.end() ? nullptr : &pulls_[found->second];
  }

  void pushes() {
    for (const auto rows = context_.database.query(
             "SELECT e.item_id, max(e.occurred_at) FROM item i JOIN event e ON e.project_id = i.project_id AND "
             "e.item_id = i.item_id WHERE i.project_id = :project AND i.kind = 'pull' AND i.merged_at <= :as_of AND "
             "i.merged_at >= :since AND e.kind IN ('committed', 'head_ref_force_pushed') AND coalesce(e.detail, '') <> "
             "'" +
                 std::string(kBaseMerged) + "' AND e.occurred_at <= i.merged_at GROUP BY e.item_id",
             parameters_);
         rows->next();)
      if (Merged* pull = find(rows->integer(0))) pull->last_push = rows->integer(1);
  }

  struct Told {
    std::int64_t item = 0, person = 0;
    bool approves = false;
    Merged::Approval approval;
  };

  void decisions() {
    std::vector<Told> told;
    const ApprovalWords approval(context_.config.review);
    for (const auto rows = context_.database.query(
             "SELECT r.item_id, r.author_id, r.submitted_at, r.state, r.sha, r.is_official, r.body FROM item i JOIN "
             "review r ON r.project_id = i.project_id AND r.item_id = i.item_id WHERE i.project_id = :project AND "
             "i.kind = 'pull' AND i.merged_at <= :as_of AND i.merged_at >= :since AND r.submitted_at <= i.merged_at "
             "AND (r.dismissed_at IS NULL OR r.dismissed_at > i.merged_at)",
             parameters_);
         rows->next();) {
      const std::string_view state = rows->text(3);
      const bool is_in_words = by_comment_ && approval.approve(own_words(rows->text(6)));
      const bool is_official = by_comment_ || rows->optional_integer(5).value_or(1) != 0;
      if (state != "approved" && state != "changes_requested" && !is_in_words) continue;
      const std::string named = is_in_words ? commit_after_ack(own_words(rows->text(6))) : std::string();
      told.push_back({rows->integer(0),
                      human(rows->optional_integer(1)),
                      (state == "approved" || is_in_words) && is_official,
                      {rows->integer(2), named.empty() ? rows->string(4) : named}});
    }
    if (by_comment_)
      for (const auto rows = context_.database.query(
               "SELECT c.item_id, c.author_id, c.created_at, c.body FROM item i JOIN comment c ON c.project_id = "
               "i.project_id AND c.item_id = i.item_id WHERE i.project_id = :project AND i.kind = 'pull' AND "
               "i.merged_at <= :as_of AND i.merged_at >= :since AND c.created_at <= i.merged_at AND c.kind = "
               "'conversation' AND " +
                   approval.condition("c.body"),
               parameters_);
           rows->next();)
        if (const std::string words = own_words(rows->text(3)); approval.approve(words))
          told.push_back(
              {rows->integer(0), human(rows->optional_integer(1)), true, {rows->integer(2), commit_after_ack(words)}});
    std::stable_sort(told.begin(), told.end(),
                     [](const Told& a, const Told& b) { return a.approval.at < b.approval.at; });
    for (const Told& each : told) {
      Merged* pull = find(each.item);
      if (!pull || each.person == 0 || each.person == pull->author) continue;
      pull->approvals.erase(each.person);
      if (each.approves) pull->approvals.emplace(each.person, each.approval);
    }
  }

  const Context& context_;
  const People& people_;
  bool by_comment_, dismisses_;
  Parameters parameters_;
  std::vector<Merged> pulls_;  // in order of their merge
  std::map<std::int64_t, std::size_t> place_;
};

struct Enough {
  int count = 0;  // 0: too little happened to tell
  HabitShare share;
};

// usual: what is taken where nothing is found; left for less or more only beyond what chance would do.
Enough enough_of(std::vector<int> numbers, int usual) {
  if (numbers.size() > kLookedAt) numbers.erase(numbers.begin(), numbers.end() - kLookedAt);
  if (numbers.size() < kFewestLookedAt) return {};
  const auto of = static_cast<std::int64_t>(numbers.size());
  const auto merged_with = [&](int most) {
    return std::ranges::count_if(numbers, [&](int each) { return each <= most; });
  };
  const auto interval = [&](int most) { return *stats::wilson_interval(merged_with(most), of); };
  int count = usual;
  while (interval(count).high < 0.5) ++count;
  if (count == usual)
    for (int fewer = 1; fewer < usual; ++fewer)
      if (interval(fewer).low > 0.5) {
        count = fewer;
        break;
      }
  return {count, {merged_with(count), of}};
}

struct Found {
  Enough others, own;
};

// Machines that merge on a command ("/lgtm", "r+") do so on one.
int usual_approvals(const Context& context, bool by_comment) {
  return by_comment && !leaves_merging_to_machines(context) ? 2 : 1;
}

Found find_enough(const Context& context, const People& people, bool by_comment, bool dismisses, int usual) {
  const auto numbers = Counter(context, people, by_comment, dismisses).count();
  // Too few of one kind: both together.
  const auto of = [&](const std::vector<int>& kind, const std::vector<int>& all) {
    return enough_of(kind.size() < kFewestLookedAt ? all : kind, usual);
  };
  return {of(numbers.others, numbers.all_as_others), of(numbers.own, numbers.all_as_own)};
}

Found kept_enough(const Context& context, const People& people, bool by_comment, bool dismisses, int usual) {
  const std::string basis =
      fmt::format("4: {} merged, {} comments, {} reviews by {}; {} {} {} {}; {}",
                  count_when_learning(context, "item WHERE project_id = :project AND merged_at"),
                  count_when_learning(context, "comment WHERE project_id = :project AND created_at"),
                  count_when_learning(context, "review WHERE project_id = :project AND submitted_at"),
                  format_date(learning_moment(context.as_of)), by_comment, dismisses, usual,
                  context.config.review.approval_pattern, people_basis(context));
  return kept_or_made(
      context, "enough approvals", basis,
      [](std::string_view bytes) {
        Unpacker unpacker(bytes);
        Found kept;
        for (Enough* each : {&kept.others, &kept.own}) {
          each->count = static_cast<int>(unpacker.whole());
          each->share.merged = static_cast<std::int64_t>(unpacker.whole());
          each->share.of = static_cast<std::int64_t>(unpacker.whole());
        }
        unpacker.finish();
        return kept;
      },
      [&] { return find_enough(when_learning(context), people, by_comment, dismisses, usual); },
      [](const Found& made) {
        Packer packer;
        for (const Enough& each : {made.others, made.own}) {
          packer.whole(static_cast<std::uint64_t>(each.count));
          packer.whole(static_cast<std::uint64_t>(each.share.merged));
          packer.whole(static_cast<std::uint64_t>(each.share.of));
        }
        return packer.take();
      });
}

std::string share_text(const Enough& enough) {
  if (enough.count == 0) return "too little happened to tell";
  return fmt::format("{} of the last {}", enough.share.merged, enough.share.of);
}

}  // namespace

ApprovalHabits approval_habits(const Context& context, const People& people, bool by_comment, bool dismisses) {
  ApprovalHabits habits;
  if (by_comment || people.approvers.empty())
    for (const auto& [person, count] : approved_by_person(context, people)) habits.known_reviewers.insert(person);
  if (const int configured = context.config.review.required_approvals; configured > 0) {
    habits.required = configured;
    habits.reason = "configured";
    return habits;
  }
  const int usual = usual_approvals(context, by_comment);
  const Found found = kept_enough(context, people, by_comment, dismisses, usual);
  habits.required = found.others.count > 0 ? found.others.count : usual;
  habits.required_own = found.own.count > 0 ? found.own.count : usual;
  habits.others = found.others.share;
  habits.own = found.own.share;
  habits.reason =
      found.others.count == 0 && found.own.count == 0
          ? "not configured, and too little happened here to tell"
          : fmt::format(
                "merged on that many or fewer: of others' {}, of those whose author may merge {}, there without the "
                "merger's own",
                share_text(found.others), share_text(found.own));
  return habits;
}

People load_reviewing_people(const Context& context, bool by_comment) {
  People people = load_people(context);
  if (!by_comment) return people;
  for (const auto& [person, count] : approved_by_person(context, people))
    if (count >= kRegularApprovals) people.approvers.insert(person);
  return people;
}

}  // namespace resident

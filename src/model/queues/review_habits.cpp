#include <fmt/format.h>

#include <algorithm>
#include <base/packed.hpp>
#include <base/text.hpp>
#include <framework/learnt.hpp>
#include <map>
#include <model/queues/approval_words.hpp>
#include <model/queues/review_habits.hpp>
#include <model/review_state.hpp>
#include <set>
#include <text/commands.hpp>
#include <text/speech.hpp>

namespace resident {

namespace {

// Of a project with words of its own, or that leaves merging to a machine: each comment is looked at.
std::int64_t count_by_words(const Context& context, bool only_commands) {
  const ApprovalWords approval(context.config.review);
  std::set<std::int64_t> items;
  for (const auto rows = context.database.query(
           "SELECT c.item_id, c.body FROM comment c JOIN item i ON i.project_id = c.project_id AND i.item_id = "
           "+c.item_id WHERE c.project_id = :project AND i.kind = 'pull' AND c.created_at <= :as_of AND c.kind = "
           "'conversation' AND " +
               (only_commands ? ApprovalWords::command_condition("c.body") : approval.condition("c.body")),
           context.parameters());
       rows->next();)
    if (const std::string words = own_words(rows->text(1));
        only_commands ? approves_by_command(words) : approval.approve(words))
      items.insert(rows->integer(0));
  return static_cast<std::int64_t>(items.size());
}

enum class CommentApprovals : std::uint8_t { none, words, commands };

CommentApprovals count_approving_comments(const Context& context, std::int64_t pulls) {
  const auto judged = [&](std::int64_t all, std::int64_t by_command) {
    return all * 10 < pulls       ? CommentApprovals::none
           : by_command * 2 > all ? CommentApprovals::commands
                                  : CommentApprovals::words;
  };
  const std::int64_t by_command = count_by_words(context, true);
  if (context.config.review.approval_pattern != ReviewRules().approval_pattern)
    return judged(count_by_words(context, false), by_command);
  const auto approved = context.database.integer(
      // The + keeps SQLite from looking up the comments of each pull request.
      "SELECT count(DISTINCT c.item_id) FROM comment c JOIN item i ON i.project_id = c.project_id AND i.item_id = "
      "+c.item_id WHERE c.project_id = :project AND i.kind = 'pull' AND c.created_at <= :as_of AND c.kind = "
      "'conversation' AND (lower(c.body) LIKE 'ack%' OR lower(c.body) LIKE 'utack%' OR lower(c.body) LIKE 'tack%' OR "
      "lower(c.body) LIKE 're-ack%' "
      "OR lower(c.body) LIKE 'reack%')",
      context.parameters());
  return judged(approved.value_or(0) + by_command, by_command);
}

CommentApprovals approving_comments(const Context& context) {
  constexpr std::string_view kPulls = "item WHERE project_id = :project AND kind = 'pull' AND created_at";
  const std::int64_t pulls = count_when_learning(context, kPulls);
  if (pulls == 0) {
    // A project that is younger than the week.
    const auto young =
        context.database.integer(fmt::format("SELECT count(*) FROM {} <= :as_of", kPulls), context.parameters());
    return young.value_or(0) > 0 ? count_approving_comments(context, *young) : CommentApprovals::none;
  }
  const std::string basis =
      fmt::format("5: {} pulls, {} comments, {} by {}", pulls,
                  count_when_learning(context, "comment WHERE project_id = :project AND created_at"),
                  context.config.review.approval_pattern, format_date(learning_moment(context.as_of)));
  return kept_or_made(
      context, "approvals", basis,
      [](std::string_view bytes) {
        Unpacker unpacker(bytes);
        const auto kept = static_cast<CommentApprovals>(unpacker.whole());
        unpacker.finish();
        return kept;
      },
      [&] { return count_approving_comments(when_learning(context), pulls); },
      [](CommentApprovals made) {
        Packer packer;
        packer.whole(static_cast<std::uint64_t>(made));
        return packer.take();
      });
}

}  // namespace

bool approves_by_comment(const Context& context) {
  const std::string& mode = context.config.review.approval_by_comment;
  return mode == "yes" || (mode != "no" && approving_comments(context) != CommentApprovals::none);
}

bool leaves_merging_to_machines(const Context& context) {
  return context.config.review.approval_by_comment != "no" && approving_comments(context) == CommentApprovals::commands;
}

namespace {

// What became of pull requests that were pushed to after an approval.
struct OlderApprovals {
  std::int64_t pushed_to = 0;        // merged ones with an approval of an older commit
  std::int64_t merged_on_older = 0;  // of those, without any of the commit that was merged
  std::int64_t dismissed = 0;        // approvals that the forge dismissed because of a push
};

OlderApprovals count_older_approvals(const Context& context) {
  struct Merged {
    bool of_head = false, of_older = false;
  };
  std::map<std::int64_t, Merged> pulls;
  for (const auto rows = context.database.query(
           "SELECT r.item_id, r.sha, i.head_sha, CASE WHEN r.dismissed_at < i.merged_at THEN 1 ELSE 0 END FROM review "
           "r JOIN item i ON i.project_id = r.project_id AND i.item_id = r.item_id WHERE r.project_id = :project AND "
           "i.kind = 'pull' AND i.merged_at <= :as_of AND r.state = 'approved' AND r.submitted_at <= i.merged_at AND "
           "r.sha IS NOT NULL AND i.head_sha IS NOT NULL",
           context.parameters());
       rows->next();) {
    Merged& merged = pulls[rows->integer(0)];
    if (!is_same_commit(rows->text(1), rows->text(2))) {
      merged.of_older = true;
    } else if (rows->integer(3) == 0) {
      merged.of_head = true;
    }
  }
  OlderApprovals counts;
  for (const auto& [item, merged] : pulls) {
    if (!merged.of_older) continue;
    ++counts.pushed_to;
    if (!merged.of_head) ++counts.merged_on_older;
  }
  counts.dismissed = context.database
                         .integer(
                             "SELECT count(*) FROM event WHERE project_id = :project AND kind = 'review_dismissed' AND "
                             "occurred_at <= :as_of AND detail = 'approved' AND sha IS NOT NULL",
                             context.parameters())
                         .value_or(0);
  return counts;
}

OlderApprovals older_approvals(const Context& context) {
  const std::int64_t pulls = count_when_learning(context, "item WHERE project_id = :project AND merged_at");
  if (pulls == 0) return count_older_approvals(context);  // a project that is younger than the week
  const std::string basis =
      fmt::format("1: {} merged, {} reviews by {}", pulls,
                  count_when_learning(context, "review WHERE project_id = :project AND submitted_at"),
                  format_date(learning_moment(context.as_of)));
  return kept_or_made(
      context, "older approvals", basis,
      [](std::string_view bytes) {
        Unpacker unpacker(bytes);
        OlderApprovals kept;
        for (std::int64_t* number : {&kept.pushed_to, &kept.merged_on_older, &kept.dismissed})
          *number = static_cast<std::int64_t>(unpacker.whole());
        unpacker.finish();
        return kept;
      },
      [&] { return count_older_approvals(when_learning(context)); },
      [](const OlderApprovals& made) {
        Packer packer;
        for (const std::int64_t number : {made.pushed_to, made.merged_on_older, made.dismissed})
          packer.whole(static_cast<std::uint64_t>(number));
        return packer.take();
      });
}

}  // namespace

PushRule push_dismisses_approvals(const Context& context, bool approval_by_comment) {
  constexpr std::int64_t kEnough = 3;
  const std::string& setting = context.config.review.push_dismisses_approvals;
  if (setting == "yes" || setting == "no") return {setting == "yes", "configured"};
  if (approval_by_comment) return {true, "approving comments name the commit"};
  const OlderApprovals counts = older_approvals(context);
  if (counts.dismissed > counts.merged_on_older)
    return {true, fmt::format("the forge dismissed {} after a push", plural(counts.dismissed, "approval"))};
  if (counts.pushed_to < kEnough) return {true, "not configured, and too little happened here to tell"};
  return {counts.merged_on_older * 2 < counts.pushed_to,
          fmt::format("of {} that {} pushed to after an approval and merged, {} {} merged on the older approval",
                      plural(counts.pushed_to, "pull request"), counts.pushed_to == 1 ? "was" : "were",
                      counts.merged_on_older, counts.merged_on_older == 1 ? "was" : "were")};
}

ReviewRules settled_rules(const Context& context, bool approval_by_comment, const ApprovalHabits& habits) {
  ReviewRules rules = context.config.review;
  rules.required_approvals = habits.required;
  rules.push_dismisses_approvals = push_dismisses_approvals(context, approval_by_comment).dismisses ? "yes" : "no";
  return rules;
}

}  // namespace resident

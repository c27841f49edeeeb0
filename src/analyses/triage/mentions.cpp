#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <analyses/triage/mentions.hpp>
#include <analyses/triage/taken_back.hpp>
#include <base/error.hpp>
#include <base/packed.hpp>
#include <base/pattern.hpp>
#include <base/spoken.hpp>
#include <base/text.hpp>
#include <framework/learnt.hpp>
#include <iterator>
#include <model/commit_links.hpp>

namespace resident {

namespace {

constexpr std::string_view kForm = "3", kName = "mentions";  // of what is kept
constexpr std::size_t kReadText = std::size_t{1} << 16;      // bytes of a message that are read
constexpr Timestamp kAlways = 0;

using Take = std::function<void(const Speaker& speaker, std::int64_t number, bool closes)>;

// "Does not fix #12 yet", "Partially fixes #12": the forge closes it all the same, but nobody says that it is fixed.
std::vector<Reference> claims_of(std::string_view text, Markup markup, const ReferenceRules& rules) {
  static const Pattern denied(
      R"((?i)\b(?:not|never|\w+n['’]t|partial(?:ly)?|partly|in part|half|mostly|almost|nearly)[ _-]+(?:\w+\s+){0,2}(?:clos|fix|resolv|implement|address)\w*:?\s+(?:(?:issue|bug|ticket)s?\s+)?\W{0,2}$)");
  constexpr std::size_t kBefore = 60;
  const std::string spoken = spoken_text(text, markup);
  auto references = references_in_spoken(spoken, rules);
  for (Reference& each : references) {
    if (!each.closes) continue;
    const std::size_t from = each.begin < kBefore ? 0 : each.begin - kBefore;
    if (denied.found_in(std::string_view(spoken).substr(from, each.begin - from))) each.closes = false;
  }
  return references;
}

void each_reference(std::string_view title, std::string_view body, Markup markup, const ReferenceRules& rules,
                    const Speaker& speaker, bool may_close, const Take& take) {
  auto references = claims_of(title, markup, rules);
  // What a revert quotes it does not do.
  if (parse_revert(title).is_revert)
    for (auto& each : references) each.closes = false;
  auto more = claims_of(body.substr(0, kReadText), markup, rules);
  references.insert(references.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  const OwnNumbers numbers = own_numbers(references, ReferenceKind::issue);
  for (const auto number : numbers.closed) take(speaker, number, may_close);
  for (const auto number : numbers.named) take(speaker, number, false);
}

// Words that close are read where a change comes to the default branch: the base of most pull requests.
std::string usual_base(const Context& context) {
  return context.database
      .text(
          "SELECT base_ref FROM item WHERE project_id = :project AND kind = 'pull' AND merged_at <= :as_of AND "
          "base_ref "
          "IS NOT NULL GROUP BY base_ref ORDER BY count(*) DESC, base_ref LIMIT 1",
          context.parameters())
      .value_or("");
}

struct Kept {
  Mentions mentions;
  std::vector<Revert> reverts;
};

// Those later than `after`, up to `until`.
Kept read(const Context& context, Timestamp after, Timestamp until) {
  Kept kept;
  Mentions& mentions = kept.mentions;
  kept.reverts = reverts_said(context, after, until);
  each_mention(context, after, until, [&](const Speaker& speaker, std::int64_t number, bool closes) {
    const std::string name = speaker.commit_id ? speaker_key(speaker.sha) : speaker_key(speaker.number);
    mentions[number].push_back({fmt::format("{}: {}", name, one_line(speaker.title)), speaker.at, closes});
  });
  return kept;
}

void add(Kept& kept, Kept more) {
  for (auto& [number, list] : more.mentions) {
    auto& known = kept.mentions[number];
    known.insert(known.end(), std::make_move_iterator(list.begin()), std::make_move_iterator(list.end()));
  }
  kept.reverts.insert(kept.reverts.end(), std::make_move_iterator(more.reverts.begin()),
                      std::make_move_iterator(more.reverts.end()));
}

std::string pack(const Kept& kept) {
  const Mentions& mentions = kept.mentions;
  Packer packer;
  packer.whole(mentions.size());
  for (const auto& [number, list] : mentions) {
    packer.signed_whole(number);
    packer.whole(list.size());
    for (const auto& each : list) {
      packer.text(each.what);
      packer.signed_whole(each.at);
      packer.whole(each.closes ? 1 : 0);
    }
  }
  packer.whole(kept.reverts.size());
  for (const auto& each : kept.reverts) {
    packer.text(each.key);
    packer.signed_whole(each.at);
    packer.whole(each.targets.size());
    for (const auto& target : each.targets) packer.text(target);
  }
  return packer.take();
}

Kept unpack(std::string_view bytes) {
  Unpacker unpacker(bytes);
  Kept kept;
  Mentions& mentions = kept.mentions;
  const std::size_t numbers = unpacker.count(2);
  for (std::size_t i = 0; i < numbers; ++i) {
    auto& list = mentions[unpacker.signed_whole()];
    list.resize(unpacker.count(3));
    for (auto& each : list) {
      each.what = unpacker.text();
      each.at = unpacker.signed_whole();
      each.closes = unpacker.whole() != 0;
    }
  }
  kept.reverts.resize(unpacker.count(3));
  for (auto& each : kept.reverts) {
    each.key = unpacker.text();
    each.at = unpacker.signed_whole();
    each.targets.resize(unpacker.count(1));
    for (auto& target : each.targets) target = unpacker.text();
  }
  unpacker.finish();
  return kept;
}

}  // namespace

void each_mention(const Context& context, Timestamp after, Timestamp until, const Take& take) {
  const ReferenceRules rules = context.reference_rules();
  const Parameters parameters{{"project", context.project_id}, {"after", after}, {"until", until}};
  Speaker speaker;
  for (const auto rows = context.database.query(
           "SELECT sha, subject, body, committed_at, commit_id FROM git_commit WHERE project_id = :project AND "
           "on_default = 1 AND committed_at > :after AND committed_at <= :until ORDER BY committed_at, commit_id",
           parameters);
       rows->next();) {
    const std::string sha = rows->string(0), title = rows->string(1);
    speaker = {rows->integer(4), 0, sha, title, 0, rows->integer(3)};
    each_reference(title, rows->text(2), Markup::message, rules, speaker, true, take);
  }
  const std::string usual = usual_base(context);
  for (const auto rows = context.database.query(
           "SELECT number, title, body, merged_at, item_id, base_ref FROM item WHERE project_id = :project AND kind = "
           "'pull' AND merged_at > :after AND merged_at <= :until ORDER BY merged_at, item_id",
           parameters);
       rows->next();) {
    const std::string title = rows->string(1), base = rows->string(5);
    speaker = {0, rows->integer(4), {}, title, rows->integer(0), rows->integer(3)};
    const bool to_default = base.empty() || base == usual || base == "main" || base == "master";
    each_reference(title, rows->text(2), Markup::markdown, rules, speaker, to_default, take);
  }
}

namespace {

void take_back(Mention& mention) {
  mention.taken_back = true;
  mention.closes = false;
}

}  // namespace

Mentions load_open_mentions(const Context& context) {
  const ReferenceRules rules = context.reference_rules();
  Mentions mentions;
  Speaker speaker;
  for (const auto rows = context.database.query(
           "SELECT number, title, body, created_at, item_id FROM item WHERE project_id = :project AND kind = 'pull' "
           "AND "
           "created_at <= :as_of AND item_id IN (SELECT item_id FROM item_interval WHERE project_id = :project AND "
           "opened_at <= :as_of AND (closed_at IS NULL OR closed_at > :as_of)) ORDER BY created_at, item_id",
           context.parameters());
       rows->next();) {
    const std::string title = rows->string(1);
    speaker = {0, rows->integer(4), {}, title, rows->integer(0), rows->integer(3)};
    each_reference(title, rows->text(2), Markup::markdown, rules, speaker, true,
                   [&](const Speaker& who, std::int64_t number, bool closes) {
                     if (number != who.number)
                       mentions[number].push_back({fmt::format("#{} {}", who.number, one_line(title)), who.at, closes});
                   });
  }
  return mentions;
}

Mentions load_mentions(const Context& context) {
  const Timestamp moment = learning_moment(context.as_of);
  const auto count = [&](std::string_view rows) { return count_when_learning(context, rows); };
  const ReferenceRules rules = context.reference_rules();
  const std::string basis =
      fmt::format("{}: {} merged and {} commits by {}; {}/{} {} {} {} {}", kForm,
                  count("item WHERE project_id = :project AND merged_at"),
                  count("git_commit WHERE project_id = :project AND committed_at"), format_date(moment), rules.host,
                  rules.path, static_cast<int>(rules.forge), fmt::join(rules.also, ","), fmt::join(rules.prefixes, ","),
                  fmt::join(rules.closing_words, ","));
  Kept kept = kept_or_made(
      context, kName, basis, unpack, [&] { return read(context, kAlways, moment - 1); }, pack);
  add(kept, read(context, moment - 1, context.as_of));
  Mentions& mentions = kept.mentions;
  // Commits and pull requests by time, whichever they are.
  for (auto& [number, list] : mentions)
    std::stable_sort(list.begin(), list.end(), [](const Mention& a, const Mention& b) { return a.at < b.at; });
  const auto gone = taken_back(context, std::move(kept.reverts));
  if (!gone.empty())
    for (auto& [number, list] : mentions)
      for (auto& each : list)
        if (gone.contains(each.what.substr(0, each.what.find(':')))) take_back(each);
  return std::move(mentions);
}

}  // namespace resident

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <analyses/learnt.hpp>
#include <analyses/triage/mentions.hpp>
#include <base/error.hpp>
#include <base/packed.hpp>
#include <base/text.hpp>

namespace resident {

namespace {

constexpr std::string_view kForm = "1", kName = "mentions";  // of what is kept
constexpr std::size_t kReadText = 4000;                      // bytes of a message that are read
constexpr Timestamp kAlways = 0;

using Take = std::function<void(const Speaker& speaker, std::int64_t number, bool closes)>;

void each_reference(std::string_view text, const Speaker& speaker, const Take& take) {
  static const RE2 reference(
      R"((?i)((?:fix(?:e[sd])?|close[sd]?|resolve[sd]?)(?: (?:issue|bug))?:?\s+)?(?:\b(?:gh-|bpo-)|#)(\d{1,9})\b)");
  re2::StringPiece rest(text.data(), text.size());
  std::string closing;
  std::int64_t number = 0;
  std::map<std::int64_t, bool> found;
  while (RE2::FindAndConsume(&rest, reference, &closing, &number)) found[number] = found[number] || !closing.empty();
  for (const auto& [each, closes] : found) take(speaker, each, closes);
}

// Those later than `after`, up to `until`.
Mentions read(const Context& context, Timestamp after, Timestamp until) {
  Mentions mentions;
  each_mention(context, after, until, [&](const Speaker& speaker, std::int64_t number, bool closes) {
    const std::string name =
        speaker.commit_id ? std::string(speaker.sha.substr(0, 10)) : fmt::format("#{}", speaker.number);
    mentions[number].push_back({fmt::format("{}: {}", name, one_line(speaker.title)), speaker.at, closes});
  });
  return mentions;
}

void add(Mentions& mentions, Mentions more) {
  for (auto& [number, list] : more) {
    auto& known = mentions[number];
    known.insert(known.end(), std::make_move_iterator(list.begin()), std::make_move_iterator(list.end()));
  }
}

std::string pack(const Mentions& mentions) {
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
  return packer.take();
}

Mentions unpack(std::string_view bytes) {
  Unpacker unpacker(bytes);
  Mentions mentions;
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
  unpacker.finish();
  return mentions;
}

}  // namespace

void each_mention(const Context& context, Timestamp after, Timestamp until, const Take& take) {
  const Parameters parameters{{"project", context.project_id}, {"after", after}, {"until", until}};
  Speaker speaker;
  for (const auto rows = context.database.query(
           "SELECT sha, subject, body, committed_at, commit_id FROM git_commit WHERE project_id = :project AND "
           "on_default = 1 AND committed_at > :after AND committed_at <= :until ORDER BY committed_at, commit_id",
           parameters);
       rows->next();) {
    const std::string sha = rows->string(0), title = rows->string(1);
    speaker = {rows->integer(4), 0, sha, title, 0, rows->integer(3)};
    each_reference(title + "\n" + rows->string(2).substr(0, kReadText), speaker, take);
  }
  for (const auto rows = context.database.query(
           "SELECT number, title, body, merged_at, item_id FROM item WHERE project_id = :project AND kind = 'pull' AND "
           "merged_at > :after AND merged_at <= :until ORDER BY merged_at, item_id",
           parameters);
       rows->next();) {
    const std::string title = rows->string(1);
    speaker = {0, rows->integer(4), {}, title, rows->integer(0), rows->integer(3)};
    each_reference(title + "\n" + rows->string(2).substr(0, kReadText), speaker, take);
  }
}

Mentions load_mentions(const Context& context) {
  const Timestamp moment = learning_moment(context.as_of);
  const auto count = [&](std::string_view rows) { return count_when_learning(context, rows); };
  const std::string basis =
      fmt::format("{}: {} merged and {} commits by {}", kForm, count("item WHERE project_id = :project AND merged_at"),
                  count("git_commit WHERE project_id = :project AND committed_at"), format_date(moment));
  Mentions mentions = kept_or_made(
      context, kName, basis, unpack, [&] { return read(context, kAlways, moment - 1); }, pack);
  add(mentions, read(context, moment - 1, context.as_of));
  // Commits and pull requests by time, whichever they are.
  for (auto& [number, list] : mentions)
    std::stable_sort(list.begin(), list.end(), [](const Mention& a, const Mention& b) { return a.at < b.at; });
  return mentions;
}

}  // namespace resident

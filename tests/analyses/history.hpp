// What happens in a small project, as records, and the store that knows of it until
// a moment: figures as of that moment from the whole history must equal those from
// the store that was never told the rest.
#pragma once

#include <algorithm>
#include <base/text.hpp>
#include <base/time.hpp>
#include <random>
#include <store/identities.hpp>
#include <store/writer.hpp>
#include <string>
#include <vector>

namespace resident::test {

inline Timestamp at(std::string_view text) {
  return *parse_time(text);
}

inline PersonRecord account(const std::string& login) {
  PersonRecord person;
  person.login = login;
  return person;
}

// What happened, from which a store as of any moment can be made.
struct History {
  std::vector<ItemRecord> items;
  std::vector<CommitRecord> commits;
  std::vector<ReferenceRecord> tags;
};

inline ItemRecord item(bool is_pull, std::int64_t number, const std::string& author, std::string_view created) {
  ItemRecord record;
  record.is_pull = is_pull;
  record.number = number;
  record.title = "title";
  if (!author.empty()) record.author = account(author);
  record.created_at = at(created);
  return record;
}

inline void event(ItemRecord& record, const std::string& kind, Timestamp time) {
  EventRecord each;
  each.kind = kind;
  each.actor = account("ann");
  each.occurred_at = time;
  record.events.push_back(each);
}

inline void comment(ItemRecord& record, const std::string& author, Timestamp time,
                    const std::string& kind = "conversation") {
  CommentRecord each;
  each.key = "c" + std::to_string(record.comments.size());
  each.kind = kind;
  if (!author.empty()) each.author = account(author);
  each.created_at = time;
  record.comments.push_back(each);
}

inline void review(ItemRecord& record, const std::string& author, Timestamp time) {
  ReviewRecord each;
  each.key = "r" + std::to_string(record.reviews.size());
  each.author = account(author);
  each.submitted_at = time;
  record.reviews.push_back(each);
}

inline CommitRecord commit(int number, const std::string& name, const std::string& email, Timestamp time) {
  CommitRecord record;
  record.sha = std::string(39, 'a') + static_cast<char>('a' + number);
  record.parents = {"p"};
  record.author.provider = "git";
  record.author.name = name;
  record.author.email = email;
  record.committer = record.author;
  record.authored_at = record.committed_at = time;
  record.on_default = record.in_history = true;
  record.subject = "subject";
  return record;
}

// The history that was known until that moment, with the state the items had then.
inline History until(const History& full, Timestamp moment) {
  History past;
  for (ItemRecord record : full.items) {
    if (record.created_at >= moment) continue;
    std::erase_if(record.events, [&](const EventRecord& each) { return each.occurred_at > moment; });
    std::erase_if(record.comments, [&](const CommentRecord& each) { return each.created_at > moment; });
    std::erase_if(record.reviews, [&](const ReviewRecord& each) { return each.submitted_at > moment; });
    record.state = "open";
    record.closed_at = record.merged_at = std::nullopt;
    for (const auto& each : record.events) {
      const bool closes = each.kind == "closed";
      if (each.kind == "merged") record.merged_at = each.occurred_at;
      if (!closes && each.kind != "reopened") continue;
      record.state = closes ? "closed" : "open";
      record.closed_at = closes ? each.occurred_at : std::nullopt;
    }
    past.items.push_back(std::move(record));
  }
  for (const auto& each : full.commits)
    if (each.committed_at <= moment) past.commits.push_back(each);
  for (const auto& each : full.tags)
    if (each.at <= moment) past.tags.push_back(each);
  return past;
}

inline constexpr Timestamp kForever = 4102444800;  // 2100

inline std::int64_t write(Database& database, const std::string& project, const History& history) {
  const std::int64_t id = ensure_project(database, project);
  {
    Writer writer(database, id, ensure_source(database, id, "test", project));
    for (const auto& each : history.items) writer.item(each);
    for (const auto& each : history.commits) writer.commit(each);
    writer.references(history.tags);
    writer.checkpoint("done");
  }
  resolve_identities(database, id);
  return id;
}

// Three months of a small project; the figures in the tests below are counted by hand.
inline History small_history() {
  History history;
  auto one = item(false, 1, "ann", "2023-01-10T00:00:00Z");
  comment(one, "ann", at("2023-01-10T01:00:00Z"));
  comment(one, "dependabot[bot]", at("2023-01-10T02:00:00Z"));
  comment(one, "bob", at("2023-01-10T10:00:00Z"));
  event(one, "closed", at("2023-02-05"));
  event(one, "reopened", at("2023-02-10"));
  event(one, "closed", at("2023-03-01"));  // at the very end of February
  auto two = item(false, 2, "bob", "2023-01-31T23:59:59Z");
  event(two, "closed", at("2023-04-05"));
  comment(two, "ann", at("2023-04-04"));
  auto three = item(false, 3, "", "2023-02-01T00:00:00Z");  // at the very start of February
  comment(three, "", at("2023-02-01T01:00:00Z"));
  comment(three, "cat", at("2023-02-01T05:00:00Z"));
  auto four = item(true, 4, "ann", "2023-02-10T00:00:00Z");
  comment(four, "bob", at("2023-02-10T01:00:00Z"), "inline");
  review(four, "bob", at("2023-02-10T02:00:00Z"));
  event(four, "merged", at("2023-02-20"));
  event(four, "closed", at("2023-02-20"));
  auto five = item(true, 5, "cat", "2023-03-05T00:00:00Z");
  event(five, "closed", at("2023-03-10"));
  auto six = item(true, 6, "bob", "2023-03-20T00:00:00Z");
  review(six, "cat", at("2023-03-25"));
  auto seven = item(false, 7, "ann", "2023-04-02T00:00:00Z");
  history.items = {one, two, three, four, five, six, seven};
  auto merge = commit(1, "bob", "bob@users.noreply.github.com", at("2023-02-20"));
  merge.parents = {"p", "q"};
  auto side = commit(2, "cat", "cat@users.noreply.github.com", at("2023-02-21"));
  side.on_default = false;
  history.commits = {commit(0, "Ann", "ann@users.noreply.github.com", at("2023-01-15")),
                     merge,
                     side,
                     commit(3, "Dan", "dan@dan.org", at("2023-03-15")),
                     commit(4, "Ann", "ann@users.noreply.github.com", at("2023-03-16")),
                     commit(5, "dependabot[bot]", "robot@robots.org", at("2023-03-17")),
                     commit(6, "Eve", "eve@eve.org", at("2023-04-03"))};
  history.tags = {{"refs/tags/v1.0", "x", at("2023-01-14")},
                  {"refs/tags/v1.1", "x", at("2023-03-10")},
                  {"refs/tags/v1.1.1", "x", at("2023-03-12")},
                  {"refs/tags/v2.0", "x", at("2023-04-10")}};
  history = until(history, kForever);
  return history;
}

// Items, talk and commits at random, so that nothing that is forgotten below is missed.
inline History random_history(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](std::uint64_t limit) { return static_cast<std::int64_t>(random() % limit); };
  const std::string people[] = {"ann", "bob", "cat", "dan", "eve", "dependabot[bot]", ""};
  const Timestamp start = at("2020-01-01"), span = 900 * kDay;
  History history;
  for (int number = 1; number <= 120; ++number) {
    auto record = item(below(2) == 1, number, people[below(7)], format_time(start + below(span)));
    Timestamp time = record.created_at;
    const bool merges = record.is_pull && below(2) == 1;
    for (std::int64_t changes = below(4), i = 0; i < changes; ++i) {
      time += 1 + below(60 * kDay);
      if (i + 1 == changes && merges && i % 2 == 0) event(record, "merged", time);
      event(record, i % 2 == 0 ? "closed" : "reopened", time);
    }
    for (std::int64_t i = below(5); i > 0; --i)
      comment(record, people[below(7)], record.created_at + below(90 * kDay),
              record.is_pull && below(2) ? "inline" : "conversation");
    for (std::size_t i = 0; i < record.comments.size(); i += 3) record.comments[i].body = "/retest";
    for (std::int64_t i = record.is_pull ? below(4) : 0; i > 0; --i)
      review(record, people[below(5)], record.created_at + below(90 * kDay));
    history.items.push_back(std::move(record));
  }
  for (int number = 0; number < 80; ++number) {
    const std::string& name = people[below(5)];
    auto record = commit(0, name, name + "@users.noreply.github.com", start + below(span));
    record.sha = fingerprint(std::to_string(number));
    history.commits.push_back(record);
  }
  for (int number = 0; number < 5; ++number)
    history.tags.push_back({"refs/tags/v1." + std::to_string(number), "x", start + number * 170 * kDay});
  return until(history, kForever);
}

// A metric as a user writes it: in a file own.sql.
inline const std::string kOwn =
    "-- name: own\n-- title: Own\n-- question: How many?\n-- definition: Items\n--     in all.\n-- page: own\n-- "
    "order: 5\n"
    "-- claim: {sum:items|item|items}, {first:kind} first.\n-- claim: None.\n-- chart: bar\n-- x: kind\n-- y: items\n"
    "-- column: kind | Kind | text\n-- column: items | Items | integer | items\n-- uses: item_then\n\n"
    "-- A remark.\nSELECT kind, count(*) AS items FROM item_then GROUP BY kind ORDER BY kind;\n";

}  // namespace resident::test

// Two sources that tell of the same number: the same item once more, or one of another tracker.
#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <base/url.hpp>
#include <store/write/tables.hpp>
#include <store/writer.hpp>

namespace resident {

std::string tracker_of(std::string_view url) {
  std::string base = to_lower(url);
  std::size_t end = base.size();
  for (const std::string_view mark :
       {"/-/", "/issues/", "/pull/", "/pulls/", "/merge_requests/", "/ticket/", "/show_bug.cgi"})
    end = std::min(end, base.find(mark));
  base.resize(end);
  if (const std::size_t scheme = base.find("://"); scheme != std::string::npos) base.erase(0, scheme + 3);
  while (base.ends_with('/')) base.pop_back();
  if (base.ends_with(".git")) base.resize(base.size() - 4);
  return base;
}

// An item keeps the moment it was opened and its author wherever it is told of, also when its repository gets another
// name; so that decides where addresses do not.
void Writer::take_over(const ItemRecord& record) {
  flush();
  const auto rows = database_.query(
      "SELECT i.url, i.created_at, i.title, a.login, s.kind, s.location, a.account_id FROM item i LEFT JOIN identity a "
      "ON "
      "a.project_id = i.project_id AND a.identity_id = i.author_id LEFT JOIN source s ON s.project_id = i.project_id "
      "AND s.source_id = i.source_id WHERE i.project_id = :project AND i.item_id = :item",
      {{"project", project_id_}, {"item", record.item_id()}});
  if (!rows->next()) return;
  const std::string other = fmt::format("{} {}", rows->text(4), rows->text(5));
  const std::string here = tracker_of(clean_url(record.url)), there = tracker_of(rows->text(0));
  const bool knows_both = !here.empty() && !there.empty();
  const bool same_moment = rows->integer(1) == record.created_at;
  // Not by identity: one source may know an account's number, the other its login alone.
  const std::string login = to_lower(record.author.login), other_login = to_lower(rows->text(3));
  // Accounts are renamed as repositories are; where both know the number, it decides.
  const auto account = rows->optional_integer(6);
  const bool same_account = account && record.author.account_id && *account == *record.author.account_id;
  const bool other_author = !login.empty() && !other_login.empty() && login != other_login && !same_account;
  const bool is_same = knows_both && here == there ? true
                       : knows_both                ? same_moment && !other_author && rows->text(2) == record.title
                                                   : same_moment && !other_author;
  if (is_same) {
    ++taken_over_[other];
    return;
  }
  guarded([&] {
    const std::string name = fmt::format("{} #{}", record.is_pull ? "pull request" : "issue", record.number);
    throw Error(ErrorKind::usage,
                fmt::format("{}{} is not the {} that {} told of{}: two trackers cannot share a project, as their "
                            "numbers would stand for one another",
                            name, here.empty() ? "" : " of " + here, name, other,
                            there.empty() ? "" : fmt::format(" ({})", there)),
                "give this one a project of its own, with --project NAME; nothing of the other was changed");
  });
}

}  // namespace resident

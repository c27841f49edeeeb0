#include <base/pattern.hpp>
#include <base/text.hpp>
#include <cli/proposals/known_threads.hpp>

namespace resident {

namespace {

std::string host_of(std::string_view address) {
  static const Pattern host(R"(^https?://(?:www\.)?([^/:?#]+))", Pattern::Letters::any_case);
  std::string found;
  return host.found_in(address, &found) ? to_lower(found) : std::string{};
}

}  // namespace

std::string address_key(std::string_view address) {
  // /t/NUMBER, /t/WORDS/NUMBER, and either with the number of a post behind.
  static const Pattern topic(R"(^https?://[^/]+/t/(?:[^/?#]*[^/?#0-9][^/?#]*/)?(\d{1,9})(?:[/?#]|$))");
  std::string number;
  if (topic.found_in(address, &number)) return host_of(address) + "/t/" + number;
  address = address.substr(0, address.find_first_of("?#"));
  while (address.ends_with('/')) address.remove_suffix(1);
  const std::size_t scheme = address.find("://");
  return to_lower(scheme == std::string_view::npos ? address : address.substr(scheme + 3));
}

KnownThreads read_known_threads(Context& context) {
  KnownThreads threads;
  const auto rows = context.database.query(
      "SELECT t.url, t.title, count(*), max(p.created_at) FROM thread t "
      "JOIN post p ON p.project_id = t.project_id AND p.thread_key = t.thread_key "
      "WHERE t.project_id = :project AND t.url IS NOT NULL AND p.created_at <= :as_of "
      "GROUP BY t.thread_key, t.url, t.title ORDER BY t.thread_key",
      context.parameters());
  while (rows->next()) threads[address_key(rows->text(0))] = {rows->string(1), rows->integer(2), rows->integer(3)};
  return threads;
}

}  // namespace resident

// Addresses between pages: of an item, of a thread, of a Result's JSON.
#include <fmt/format.h>

#include <base/text.hpp>
#include <views/page.hpp>

namespace resident {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

constexpr std::size_t kLongestNumber = 9;

void add_parameter(std::string& address, const std::string& name, const std::string& value) {
  address += fmt::format("{}{}={}", address.find('?') == std::string::npos ? '?' : '&', name, escape_url(value));
}

}  // namespace

std::string document_query(const DocumentOptions& options) {
  std::string query;
  if (!options.project.empty()) add_parameter(query, "project", options.project);
  if (!options.as_of.empty()) add_parameter(query, "as_of", options.as_of);
  return query;
}

std::string item_key(std::int64_t number, const std::string& url) {
  const char* kind = url.find("/-/merge_requests/") != std::string::npos ? "pull"
                     : url.find("/-/issues/") != std::string::npos       ? "issue"
                                                                         : "item";
  return fmt::format("{}/{}", kind, number);
}

std::string key_address(const std::string& key, const DocumentOptions& options) {
  if (!options.served || key.empty()) return {};
  const std::size_t slash = key.find('/');
  const std::string kind = key.substr(0, slash),
                    number = slash == std::string::npos ? std::string() : key.substr(slash + 1);
  const bool is_number = !number.empty() && number.find_first_not_of("0123456789") == std::string::npos;
  if (is_number && (kind == "item" || kind == "issue" || kind == "pull")) {
    std::string address = "/item/" + number + document_query(options);
    if (kind != "item") add_parameter(address, "kind", kind);
    return address;
  }
  std::string address = "/thread" + document_query(options);
  add_parameter(address, "key", key);
  return address;
}

std::string project_address(const std::string& project, const DocumentOptions& options) {
  if (!options.served || project.empty()) return {};
  DocumentOptions of = options;
  of.project = project;
  return "/" + document_query(of);
}

std::string forge_link(const std::string& url, const std::string& name) {
  if (url.empty()) return {};
  return fmt::format(
      " <a class=\"out\" href=\"{}\" rel=\"noopener noreferrer\"><span aria-hidden=\"true\">↗</span><span "
      "class=\"unseen\">{} at the forge</span></a>",
      escape_html(url), name.empty() ? "It" : name);
}

std::string link_items(const std::string& escaped, const DocumentOptions& options) {
  if (!options.served) return escaped;
  std::string out;
  std::size_t done = 0;
  for (std::size_t at = escaped.find('#'); at != std::string::npos; at = escaped.find('#', at + 1)) {
    std::size_t end = at + 1;
    while (end < escaped.size() && is_digit(escaped[end])) ++end;
    const char before = at == 0 ? ' ' : escaped[at - 1];
    // "&#39;" is an escaped character, and "owner/name#12" is not ours.
    if (end == at + 1 || end - at > kLongestNumber || is_word(before) || before == '&' || before == '/' ||
        (end < escaped.size() && is_word(escaped[end])))
      continue;
    const std::string number = escaped.substr(at + 1, end - at - 1);
    out += escaped.substr(done, at - done);
    out += fmt::format("<a href=\"{}\">#{}</a>", escape_html(key_address("item/" + number, options)), number);
    done = end;
  }
  return out + escaped.substr(done);
}

std::string json_address(const std::string& name, const DocumentOptions& options) {
  if (options.site) return options.site->json;
  std::string address = "/api/" + escape_url(name) + document_query(options);
  for (const auto& [each, value] : options.query)
    if (!value.empty()) add_parameter(address, each, value);
  return address;
}

std::string table_address(const std::string& name, const DocumentOptions& options) {
  std::string address = "/table" + document_query(options);
  add_parameter(address, "name", name);
  for (const auto& [each, value] : options.query)
    if (!value.empty()) add_parameter(address, each, value);
  return address;
}

}  // namespace resident

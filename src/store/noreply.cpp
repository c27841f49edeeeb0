#include <algorithm>
#include <base/text.hpp>
#include <charconv>
#include <store/noreply.hpp>

namespace resident {

namespace {

template <std::size_t N>
bool is_one_of(std::string_view text, const std::string_view (&list)[N]) {
  return std::find(std::begin(list), std::end(list), text) != std::end(list);
}

std::string_view local_part(std::string_view email) {
  return email.substr(0, email.rfind('@'));
}

std::string_view domain_of(std::string_view email) {
  const std::size_t at = email.rfind('@');
  return at == std::string_view::npos ? std::string_view() : email.substr(at + 1);
}

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || value <= 0) return std::nullopt;
  return value;
}

constexpr std::string_view kUsers = "users.noreply.", kPlain = "noreply.";

}  // namespace

std::string noreply_host(std::string_view email) {
  const std::string domain = to_lower(domain_of(email));
  for (const std::string_view prefix : {kUsers, kPlain})
    if (domain.starts_with(prefix) && domain.size() > prefix.size()) return domain.substr(prefix.size());
  return {};
}

std::optional<NoreplyAddress> parse_noreply(std::string_view email, std::string_view forge) {
  NoreplyAddress result;
  result.host = noreply_host(email);
  if (result.host.empty()) return std::nullopt;
  const std::string local = to_lower(local_part(email));
  if (local.empty()) return std::nullopt;
  result.login = local;
  if (const std::size_t plus = local.find('+'); plus != std::string::npos && forge != "gitlab") {
    result.account = number(std::string_view(local).substr(0, plus));
    if (!result.account) return std::nullopt;
    result.login = local.substr(plus + 1);
    return result;
  }
  const bool is_gitlab = forge == "gitlab" || (forge.empty() && result.host.find("gitlab") != std::string::npos);
  if (!is_gitlab) return result;
  const std::size_t dash = local.find('-');
  result.account = number(std::string_view(local).substr(0, dash));
  if (result.account) result.login = dash == std::string::npos ? std::string() : local.substr(dash + 1);
  return result;
}

bool is_role_address(std::string_view email) {
  static constexpr std::string_view roles[] = {
      "me",      "i",        "git",       "github",     "gitlab",    "admin",    "administrator", "root",
      "user",    "you",      "test",      "tester",     "testing",   "info",     "contact",       "hello",
      "hi",      "mail",     "email",     "dev",        "devel",     "develop",  "developer",     "developers",
      "devs",    "team",     "build",     "builder",    "ci",        "release",  "releases",      "ops",
      "devops",  "sysadmin", "webmaster", "postmaster", "support",   "office",   "code",          "coder",
      "svn",     "cvs",      "hg",        "ubuntu",     "debian",    "fedora",   "vagrant",       "docker",
      "jenkins", "guest",    "student",   "students",   "lab",       "robot",    "bot",           "pi",
      "work",    "home",     "dummy",     "foo",        "name",      "username", "myself",        "opensource",
      "oss",     "foss",     "none",      "unknown",    "anonymous", "devnull",  "nobody"};
  return is_one_of(to_lower(local_part(email)), roles);
}

bool is_nobodys_address(std::string_view email) {
  const std::string local = to_lower(local_part(email)), domain = to_lower(domain_of(email));
  if (local.empty() || domain.find('.') == std::string::npos) return true;
  static constexpr std::string_view nobodys_names[] = {"noreply",      "no-reply",   "no_reply", "donotreply",
                                                       "do-not-reply", "not-a-mail", "devnull",  "dev-null"};
  if (is_one_of(local, nobodys_names)) return true;
  // RFC 2606 and 6762, and what systems call themselves.
  for (const std::string_view end : {".local", ".localdomain", ".lan", ".internal", ".home", ".invalid", ".(none)",
                                     ".localhost", ".home.arpa", ".intranet"})
    if (domain.ends_with(end)) return true;
  if (domain == "example.com") return true;
  static constexpr std::string_view placeholders[] = {"email.com",   "mail.com",       "domain.com",   "company.com",
                                                      "host.com",    "yourdomain.com", "mydomain.com", "example.org",
                                                      "example.net", "localhost.com",  "your.domain"};
  static constexpr std::string_view anybody[] = {
      "you",      "your",      "me",        "user",      "username",   "name",       "email",   "test",
      "yourname", "your.name", "foo",       "youremail", "your.email", "your_email", "someone", "nobody",
      "none",     "unknown",   "anonymous", "admin",     "root",       "git"};
  return is_one_of(domain, placeholders) && is_one_of(local, anybody);
}

}  // namespace resident

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <net/forge.hpp>
#include <net/remote_address.hpp>

namespace resident {

namespace {

struct KnownHost {
  std::string_view host, kind;
};
// Instances that everybody knows; the others are known by the beginning of their name.
constexpr KnownHost kHosts[] = {
    {"github.com", "github"},    {"gitlab.com", "gitlab"},        {"gitea.com", "gitea"},
    {"codeberg.org", "forgejo"}, {"code.forgejo.org", "forgejo"}, {"salsa.debian.org", "gitlab"},
    {"framagit.org", "gitlab"},  {"invent.kde.org", "gitlab"},    {"opendev.org", "gitea"}};
// SSH over the port of HTTPS has hosts of its own (GitHub and GitLab Docs, "SSH over the HTTPS port").
constexpr std::pair<std::string_view, std::string_view> kOtherNames[] = {
    {"ssh.github.com", "github.com"}, {"altssh.gitlab.com", "gitlab.com"}, {"www.github.com", "github.com"}};

std::string kind_of(const Config& config, const std::string& host) {
  if (const std::string configured = config.forge(host).kind; !configured.empty()) return configured;
  for (const KnownHost& each : kHosts)
    if (host == each.host) return std::string(each.kind);
  for (const std::string_view kind : {"github", "gitlab", "gitea", "forgejo"})
    if (host.starts_with(std::string(kind) + ".")) return std::string(kind);
  return {};
}

// "OWNER/NAME" out of "/OWNER/NAME.git/"; empty where it is none.
std::string clean_path(std::string path, const std::string& kind) {
  path = path.substr(0, path.find_first_of("?#"));
  while (path.ends_with('/')) path.pop_back();
  path.erase(0, path.find_first_not_of('/'));
  if (path.ends_with(".git")) path.resize(path.size() - 4);
  // Addresses of pages, copied out of a browser.
  if (const std::size_t dash = path.find("/-/"); dash != std::string::npos) path.resize(dash);
  static const Pattern shape(R"([A-Za-z0-9_~][A-Za-z0-9._~-]*(?:/[A-Za-z0-9._~-]+)+)");
  if (!shape.matches(path) || path.find("..") != std::string::npos) return {};
  const auto parts = split(path, '/');
  if (kind == "github" && parts.size() > 2) return fmt::format("{}/{}", parts[0], parts[1]);
  return path;
}

std::optional<RemoteAddress> make_address(const Config& config, std::string host, const std::string& path) {
  host = to_lower(host);
  for (const auto& [other, usual] : kOtherNames)
    if (host == other) host = std::string(usual);
  static const Pattern shape(R"([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?)");
  if (!shape.matches(host)) return std::nullopt;
  RemoteAddress address{host, {}, kind_of(config, host)};
  address.path = clean_path(path, address.kind);
  if (address.path.empty()) return std::nullopt;
  return address;
}

}  // namespace

std::string RemoteAddress::web_url() const {
  return fmt::format("https://{}/{}", host, path);
}

std::string RemoteAddress::location() const {
  return kind == "github" && host == "github.com" ? fmt::format("github:{}", path)
                                                  : fmt::format("{}:{}", kind, web_url());
}

std::string RemoteAddress::name() const {
  return path.substr(path.rfind('/') + 1);
}

std::optional<RemoteAddress> parse_remote_address(const Config& config, std::string_view given) {
  const std::string url(trim(given));
  if (const std::size_t scheme = url.find("://"); scheme != std::string::npos) {
    const std::string name = to_lower(url.substr(0, scheme));
    const bool is_http = name == "https" || name == "http";
    if (!is_http && name != "ssh" && name != "git" && name != "git+ssh" && name != "ssh+git") return std::nullopt;
    const std::size_t begin = scheme + 3, slash = url.find('/', begin);
    if (slash == std::string::npos) return std::nullopt;
    std::string host = url.substr(begin, slash - begin);
    if (const std::size_t at = host.rfind('@'); at != std::string::npos) host.erase(0, at + 1);
    // The port of SSH says nothing about that of the pages.
    const std::size_t colon = host.rfind(':');
    if (colon != std::string::npos && (!is_http || host.substr(colon) == ":443" || host.substr(colon) == ":80"))
      host.resize(colon);
    return make_address(config, host, url.substr(slash));
  }
  // git@HOST:OWNER/NAME: a colon before the first slash, else it is a path.
  const std::size_t colon = url.find(':'), slash = url.find('/');
  if (colon == std::string::npos || colon == 0 || (slash != std::string::npos && slash < colon)) return std::nullopt;
  std::string host = url.substr(0, colon);
  if (const std::size_t at = host.rfind('@'); at != std::string::npos) host.erase(0, at + 1);
  // One letter is a drive of Windows.
  if (host.size() < 2) return std::nullopt;
  return make_address(config, host, url.substr(colon + 1));
}

RemoteAddress parse_typed_forge(const Config& config, const std::string& text) {
  const std::size_t colon = text.find(':');
  const std::string kind = text.substr(0, colon);
  const auto& kinds = forge_kinds();
  if (colon == std::string::npos || std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
    // An address without its kind, where the host says it.
    const auto address = parse_remote_address(config, text);
    if (address && !address->kind.empty()) return *address;
    const std::string nearest = near_miss(kind, kinds);
    throw Error(ErrorKind::usage, fmt::format("{} is no forge that can be read", one_line(clean_text(text, 200))),
                nearest.empty() || nearest == kind
                    ? "for example github:OWNER/NAME, gitlab:https://HOST/GROUP/NAME, forgejo:https://HOST/OWNER/NAME"
                    : fmt::format("did you mean {}:…?", nearest));
  }
  // Forgejo speaks as Gitea does.
  const ForgeLocation location =
      parse_forge_location(config, kind == "forgejo" ? "gitea" : kind, text.substr(colon + 1));
  return {location.host, location.path, kind};
}

const std::vector<std::string>& forge_kinds() {
  static const std::vector<std::string> kinds{"github", "gitlab", "gitea", "forgejo"};
  return kinds;
}

}  // namespace resident

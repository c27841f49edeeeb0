#include <fmt/format.h>

#include <base/error.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <net/forge.hpp>

namespace resident {

namespace {

constexpr const char* kGithub = "github.com";
constexpr std::size_t kLargestAnswer = std::size_t{64} << 20;

std::string usual_api(const std::string& kind, const std::string& host, const std::string& origin) {
  if (kind == "github") return host == kGithub ? "https://api.github.com" : origin + "/api/v3";
  if (kind == "gitlab") return origin + "/api/v4";
  if (kind == "gitea") return origin + "/api/v1";
  return origin;
}

std::string without_slash(std::string text) {
  while (text.ends_with('/')) text.pop_back();
  return text;
}

}  // namespace

std::vector<std::string> usual_token_variables(const std::string& kind, const std::string& host) {
  if (kind == "github" && (host == kGithub || host == "api.github.com")) return {"GITHUB_TOKEN", "GH_TOKEN"};
  if (kind == "github") return {"GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"};
  if (kind == "gitlab") return {"GITLAB_TOKEN"};
  if (kind == "gitea" || kind == "forgejo") return {"GITEA_TOKEN", "FORGEJO_TOKEN"};
  if (kind == "discourse") return {"DISCOURSE_TOKEN"};
  return {};
}

std::vector<std::string> ForgeLocation::token_variables() const {
  return usual_token_variables(kind, host);
}

std::string ForgeLocation::text() const {
  return host == kGithub ? fmt::format("{}:{}", kind, path) : fmt::format("{}:{}", kind, web_url);
}

ForgeLocation parse_forge_location(const Config& config, const std::string& kind, const std::string& location) {
  ForgeLocation result;
  result.kind = kind;
  std::string rest = location.starts_with(kind + ":") ? location.substr(kind.size() + 1) : location;
  std::string origin = "https://github.com";
  if (rest.find("://") != std::string::npos) {
    origin = http::origin_of(rest);
    const std::size_t slash = rest.find('/', rest.find("://") + 3);
    rest = slash == std::string::npos ? std::string() : rest.substr(slash + 1);
  } else if (kind != "github") {
    throw Error(ErrorKind::usage, fmt::format("{} needs a whole address", kind),
                fmt::format("for example {}:https://forge.example.org/OWNER/NAME", kind));
  }
  rest = without_slash(rest);
  if (rest.ends_with(".git")) rest.resize(rest.size() - 4);
  static const Pattern repository(R"([A-Za-z0-9_][A-Za-z0-9._-]*/[A-Za-z0-9._-]+)"),
      nested(R"([A-Za-z0-9_][A-Za-z0-9._-]*(?:/[A-Za-z0-9._-]+)+)"), category(R"((?:c/[A-Za-z0-9_/-]+)?)");
  const Pattern& shape = kind == "gitlab" ? nested : kind == "discourse" ? category : repository;
  if (!shape.matches(rest) || rest.find("..") != std::string::npos)
    throw Error(ErrorKind::usage,
                fmt::format("not the address of a repository: {}", one_line(clean_text(location, 200))),
                kind == "discourse" ? "for example discourse:https://forum.example.org/c/help"
                                    : fmt::format("for example {}:OWNER/NAME", kind));
  result.path = rest;
  result.host = origin.substr(origin.find("://") + 3);
  result.web_url = rest.empty() ? origin : origin + "/" + rest;
  const ForgeConfig forge = config.forge(result.host);
  result.api_url = without_slash(forge.api_url.empty() ? usual_api(kind, result.host, origin) : forge.api_url);
  // Enterprise has it beside /api/v3, not below.
  constexpr std::string_view kRest = "/v3";
  result.graphql_url = result.api_url;
  if (result.graphql_url.ends_with(kRest)) result.graphql_url.resize(result.graphql_url.size() - kRest.size());
  result.graphql_url += "/graphql";
  http::origin_of(result.api_url);
  return result;
}

std::unique_ptr<http::Client> forge_client(const Config& config, const ForgeLocation& location,
                                           const http::Token& token, std::optional<double> max_wait) {
  const ForgeConfig forge = config.forge(location.host);
  http::TransportOptions transport;
  transport.total_seconds = forge.timeout_seconds;
  transport.allow_plain_http = forge.allow_plain_http;
  transport.ca_file = forge.ca_file;
  transport.largest_body = kLargestAnswer;
  http::ClientOptions options;
  options.token = token;
  options.token_origin = http::origin_of(location.api_url);
  options.max_wait = max_wait;
  options.max_attempts = 4;  // then whoever asks, asks for less
  if (location.kind == "gitlab") {
    options.token_header = "PRIVATE-TOKEN";
    options.token_prefix = "";
  } else if (location.kind == "gitea") {
    options.token_prefix = "token ";
  } else if (location.kind == "discourse") {
    options.token_header = "Api-Key";
    options.token_prefix = "";
  }
  return std::make_unique<http::Client>(http::curl_transport(transport), http::system_waiter(), std::move(options));
}

}  // namespace resident

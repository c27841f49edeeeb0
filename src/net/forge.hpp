// Where a forge or forum is and how to talk to it: what `github:OWNER/NAME`,
// `github:https://HOST/OWNER/NAME`, `gitlab:https://HOST/GROUP/NAME`,
// `gitea:https://HOST/OWNER/NAME` and `discourse:https://HOST` mean, with what the
// configuration says of the host. Sources read through it and actions write through
// it, so both reach the same place with the same token.
#pragma once

#include <config/config.hpp>
#include <memory>
#include <net/http.hpp>
#include <net/token.hpp>
#include <optional>
#include <string>
#include <vector>

namespace resident {

struct ForgeLocation {
  std::string kind;         // github, gitlab, gitea, discourse
  std::string host;         // github.com
  std::string path;         // OWNER/NAME; for discourse: "" or c/CATEGORY
  std::string web_url;      // https://github.com/OWNER/NAME
  std::string api_url;      // without a slash at its end
  std::string graphql_url;  // github alone

  // Names of the variables that usually hold a token for it.
  std::vector<std::string> token_variables() const;
  // As it stands in the store: "github:OWNER/NAME".
  std::string text() const;
};

// Of a forge or forum of that kind at that host: GITHUB_TOKEN, GITLAB_TOKEN, …; none for a kind that is none.
std::vector<std::string> usual_token_variables(const std::string& kind, const std::string& host);

// Throws Error{usage} for what is no such address; a path is made of safe characters only.
ForgeLocation parse_forge_location(const Config& config, const std::string& kind, const std::string& location);

// A client for it, with the host's token if there is one.
std::unique_ptr<http::Client> forge_client(const Config& config, const ForgeLocation& location,
                                           const http::Token& token, std::optional<double> max_wait = std::nullopt);

}  // namespace resident

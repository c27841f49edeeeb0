// Where a clone came from, read out of the address that git fetches from: on which host, which repository, and which
// kind of forge that is where the host's name says it. All forms that git takes are known (git-fetch, "GIT URLS"):
// https://HOST/OWNER/NAME.git, ssh://git@HOST:PORT/OWNER/NAME, git@HOST:OWNER/NAME.git, git://…; a folder is none.
#pragma once

#include <config/config.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

struct RemoteAddress {
  std::string host;  // lower case, with the port where it is one of HTTP; github.com for ssh.github.com
  std::string path;  // OWNER/NAME, GROUP/SUB/NAME
  std::string kind;  // github, gitlab, gitea, forgejo; "": the host does not say

  std::string web_url() const;   // https://HOST/PATH
  std::string location() const;  // as `resident add` takes it: "github:OWNER/NAME", "gitlab:https://HOST/PATH"
  std::string name() const;      // the last part of the path
};

// Nothing for a folder, a bundle, or what is no such address. Kinds come from [forge."HOST"], then from the host.
std::optional<RemoteAddress> parse_remote_address(const Config& config, std::string_view url);
// "github:OWNER/NAME" or "gitea:https://HOST/PATH", as a person types it. Throws Error{usage}.
RemoteAddress parse_typed_forge(const Config& config, const std::string& text);

// Kinds that can be read live, in the order in which they are offered.
const std::vector<std::string>& forge_kinds();

}  // namespace resident

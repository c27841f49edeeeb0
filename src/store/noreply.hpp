// Addresses that are not mailboxes of one person: what forges put in place of an address
// (whose account they name), what tools put in where nothing is set up, and roles.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace resident {

// An account by the address that its forge made for it:
//   GitHub      NUMBER+LOGIN@users.noreply.HOST, LOGIN@users.noreply.HOST (before July 2017), also on Enterprise
//               Server (docs.github.com, "Setting your commit email address")
//   GitLab      NUMBER-LOGIN@users.noreply.HOST, NUMBER@users.noreply.HOST (GitLab 18,
//   lib/gitlab/private_commit_email.rb) Gitea, Forgejo  LOGIN@noreply.HOST (models/user/user.go:
//   LowerName@NO_REPLY_ADDRESS, by default noreply.DOMAIN),
//               NUMBER+LOGIN@noreply.HOST (Gitea 1.25)
// A number outlives a change of the login, so it decides where there is one.
struct NoreplyAddress {
  std::string host;                     // of the forge, in lower case
  std::optional<std::int64_t> account;  // its number
  std::string login;                    // at the time, in lower case; may be empty
};

// forge: "github", "gitlab", "gitea", the forge's kind at that host; "" where it is not known: what is before "-" is a
// number then only where the host's name says GitLab. Nothing where it is no such address.
std::optional<NoreplyAddress> parse_noreply(std::string_view email, std::string_view forge);
// The host that such an address names; "" where it is none.
std::string noreply_host(std::string_view email);

// "git", "me", "admin", "build", "info" and the like before the @: a person's at their own domain, many people's at an
// employer's. Who uses it decides.
bool is_role_address(std::string_view email);
// Nobody's: no domain, a machine's own, or an example; also "noreply@". Evidence of nothing.
bool is_nobodys_address(std::string_view email);

}  // namespace resident

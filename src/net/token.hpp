// Where tokens come from: environment, a file, or a helper command; never a flag,
// a URL or the database. Looked for by host, in this order:
//   1. RESIDENT_TOKEN_<HOST> (dots and dashes as underscores, upper case: RESIDENT_TOKEN_GITHUB_COM),
//      then the names that are usual for such a place: of forges net/forge.hpp knows them (GITHUB_TOKEN, …), of another
//      source its own file (RESIDENT_JIRA_TOKEN, …)
//   2. a credential of a systemd service under one of these names (a file in $CREDENTIALS_DIRECTORY)
//   3. token_file of [forge."HOST"] in the configuration: a file that only its owner can read (else an Error)
//   4. token_command of [forge."HOST"]: a list of words, run without a shell; the first line of its output
#pragma once

#include <config/config.hpp>
#include <net/http.hpp>
#include <string>
#include <vector>

namespace resident {

struct TokenFound {
  http::Token token;
  std::string source;  // "environment GITHUB_TOKEN", "credential GITHUB_TOKEN", "file ~/.config/…", "command gh auth
                       // token", "" for none
};

// usual: the names of variables that are looked at after the host's own.
TokenFound find_token(const Config& config, const std::string& host, const std::vector<std::string>& usual);

// The variables that are looked at for it, in order: what to tell somebody who has none.
std::vector<std::string> token_variables(const std::string& host, const std::vector<std::string>& usual);

// The secret that a configuration names by variable or by file; empty where it names none. Errors as for tokens.
http::Token find_secret(const std::string& variable, const std::string& file);

// Makes text safe to show: every token handed out in this process, and what looks like one (ghp_…, github_pat_…,
// gho_, ghs_, glpat-…, "Authorization: …"), becomes <token>. Every message that leaves through main, logs, the
// store or a Progress line passes through it.
std::string redact(std::string_view text);
// Adds a secret to those that redact() knows; find_token does it by itself.
void remember_secret(const http::Token& token);

}  // namespace resident

// resident auth: where the token of a forge comes from and what it may do; never its value.
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>
#include <net/forge.hpp>
#include <nlohmann/json.hpp>

namespace resident {

namespace {

struct Account {
  std::string login, scopes, budget, problem;
};

// Asks the forge whose token it is. Offline, the reason stands in `problem`.
Account ask(const Config& config, const ForgeLocation& location, const http::Token& token) {
  Account account;
  try {
    const auto client = forge_client(config, location, token, 5.0);
    const http::Response response = client->get(location.api_url + "/user");
    const auto body = nlohmann::json::parse(response.body, nullptr, false);
    if (body.is_object())
      for (const char* key : {"login", "username"})
        if (body.contains(key) && body.at(key).is_string()) account.login = body.at(key).get<std::string>();
    account.scopes = std::string(response.header("x-oauth-scopes"));
    if (account.scopes.empty())
      account.scopes = location.kind == "github" ? "fine-grained, or none: the forge does not list them"
                                                 : "the forge does not list them";
    const http::Budget budget = client->budget();
    if (budget.limit)
      account.budget = fmt::format("{} of {} requests left", budget.remaining ? with_thousands(*budget.remaining) : "?",
                                   with_thousands(*budget.limit));
  } catch (const Error& error) {
    account.problem = redact(error.what());
  }
  return account;
}

std::vector<ForgeLocation> known_forges(const Invocation& invocation, const Config& config) {
  std::vector<ForgeLocation> list;
  std::unique_ptr<Database> database;
  try {
    database = invocation.open(Access::read);
  } catch (const Error&) {
    return list;  // no store yet
  }
  for (const auto rows =
           database->query("SELECT DISTINCT kind, location FROM source WHERE kind IN ('github', 'gitlab', "
                           "'gitea', 'discourse') ORDER BY kind, location");
       rows->next();)
    list.push_back(parse_forge_location(config, rows->string(0), rows->string(1)));
  return list;
}

std::function<int()> declare_auth(OptionSet& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_format_options(app);
  auto place = std::make_shared<std::string>();
  auto offline = std::make_shared<bool>(false);
  app.add_option("forge", *place,
                 "github:OWNER/NAME, gitlab:https://HOST/GROUP/NAME, …; without it, all that are sources")
      ->type_name("FORGE");
  app.add_flag("--offline", *offline, "Only say where the token comes from");
  return [&invocation, place, offline] {
    const Config config = invocation.load_config();
    std::vector<ForgeLocation> forges;
    if (!place->empty()) {
      const std::size_t colon = place->find(':');
      const std::string kind = place->substr(0, colon);
      if (colon == std::string::npos)
        throw Error(ErrorKind::usage, "which forge?", "for example `resident auth github:OWNER/NAME`");
      forges.push_back(parse_forge_location(config, kind, *place));
    } else {
      forges = known_forges(invocation, config);
      if (forges.empty()) forges.push_back(parse_forge_location(config, "github", "github:OWNER/NAME"));
    }
    Result result;
    result.name = "auth";
    result.title = "Tokens";
    result.question = "With which token is each forge asked, and what may it do?";
    result.as_of = invocation.clock.now();
    result.columns = {{"forge", "Forge"},   {"token_source", "Token from"}, {"account", "Account"},
                      {"scopes", "Scopes"}, {"budget", "Budget"},           {"problem", "Problem"}};
    std::int64_t with_token = 0;
    std::vector<std::string> seen;
    for (const auto& forge : forges) {
      if (std::find(seen.begin(), seen.end(), forge.host) != seen.end()) continue;
      seen.push_back(forge.host);
      const TokenFound found = find_token(config, forge.host, forge.token_variables());
      with_token += found.token.empty() ? 0 : 1;
      Account account;
      if (!*offline && !found.token.empty()) account = ask(config, forge, found.token);
      result.rows.push_back({forge.host, found.token.empty() ? std::string("none") : found.source, account.login,
                             account.scopes, account.budget, account.problem});
    }
    result.claim =
        fmt::format("{} of {} has a token.", with_token, plural(static_cast<long long>(seen.size()), "forge"));
    result.definition =
        "Looked for in RESIDENT_TOKEN_HOST, the forge's usual variable (GITHUB_TOKEN, GH_TOKEN, "
        "GITLAB_TOKEN, GITEA_TOKEN), then token_file and token_command of [forge.\"HOST\"].";
    invocation.print({result});
    return 0;
  };
}

}  // namespace

extern const Command auth_command;
const Command auth_command{"auth", "Where each forge's token comes from and what it may do; never the token itself",
                           "Example: resident auth github:python/cpython", declare_auth};

}  // namespace resident

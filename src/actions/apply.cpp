#include <fmt/format.h>
#include <fmt/ranges.h>

#include <actions/apply.hpp>
#include <actions/forge_writer.hpp>
#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <map>

namespace resident {

namespace {

struct Origin {
  std::string kind, location;
};

std::optional<Origin> origin_of_item(const Context& context, std::int64_t item_id) {
  const auto rows = context.database.query(
      "SELECT s.kind, s.location FROM item i JOIN source s ON s.project_id = i.project_id AND s.source_id = "
      "i.source_id WHERE i.project_id = :project AND i.item_id = :item",
      {{"project", context.project_id}, {"item", item_id}});
  if (!rows->next()) return std::nullopt;
  const Origin origin{rows->string(0), rows->string(1)};
  if (origin.kind == "github" || origin.kind == "gitlab" || origin.kind == "gitea") return origin;
  return std::nullopt;
}

// A forge that is being written to: its client is made at the first action and kept.
struct Forge {
  std::unique_ptr<http::Client> client;
  std::unique_ptr<ForgeWriter> writer;
};

Forge open_forge(const Config& config, const Origin& origin, std::optional<double> max_wait) {
  const ForgeLocation location = parse_forge_location(config, origin.kind, origin.location);
  const TokenFound found = find_token(config, location.host, location.token_variables());
  if (found.token.empty())
    throw Error(ErrorKind::authentication, fmt::format("there is no token for {}", location.host),
                "`resident auth` says where tokens are looked for");
  Forge forge;
  forge.client = forge_client(config, location, found.token, max_wait);
  forge.writer = origin.kind == "github"   ? github_writer(*forge.client, location)
                 : origin.kind == "gitlab" ? gitlab_writer(*forge.client, location)
                                           : gitea_writer(*forge.client, location);
  return forge;
}

class Log {
 public:
  Log(Database& database, std::int64_t project_id) : database_(database), project_id_(project_id) {}

  std::string state(const std::string& key) const {
    return database_
        .text("SELECT state FROM action_log WHERE project_id = :project AND action_key = :key",
              {{"project", project_id_}, {"key", key}})
        .value_or("");
  }

  void write(const PlannedAction& action, const std::string& state, const std::string& message, Timestamp now) {
    Transaction transaction(database_);
    database_.execute(
        "INSERT INTO action_log (project_id, action_key, item_id, kind, content, reason, state, sent_at) VALUES "
        "(:project, :key, :item, :kind, :content, :reason, :state, :now) ON CONFLICT (project_id, action_key) DO "
        "UPDATE SET state = excluded.state, sent_at = excluded.sent_at",
        {{"project", project_id_},
         {"key", action.key},
         {"item", action.item_id},
         {"kind", action.kind},
         {"content", action.content},
         {"reason", action.reason},
         {"state", state},
         {"now", now}});
    if (state != "sending")
      database_.execute(
          "UPDATE planned_action SET state = :state, message = :message WHERE project_id = :project AND action_key = "
          ":key",
          {{"project", project_id_}, {"key", action.key}, {"state", state}, {"message", text_or_null(message)}});
    transaction.commit();
  }

 private:
  Database& database_;
  std::int64_t project_id_;
};

// What can't be found out leaves the state as it is, so that the next run looks, too.
Look look_first(ForgeWriter& writer, const PlannedAction& action, const std::string& state) {
  try {
    return writer.look(action, state == "sending" || state == "failed");
  } catch (const http::ServerTrouble&) {
    throw;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::incomplete || error.kind() == ErrorKind::authentication) throw;
    throw http::ServerTrouble(error.what(), 0);
  }
}

// Not to be sent at all, and why; nothing if it may be.
std::optional<AppliedAction> refusal(const Context& context, const PlannedAction& action) {
  const auto& allowed = context.config.write.allowed;
  if (std::find(allowed.begin(), allowed.end(), action.kind) == allowed.end())
    return AppliedAction{
        action, "refused",
        fmt::format("{} is not among what may be sent ({})", action.kind,
                    allowed.empty() ? "write.allowed is empty" : fmt::format("{}", fmt::join(allowed, ", ")))};
  if (!origin_of_item(context, action.item_id))
    return AppliedAction{action, "no forge", "it comes from an archive, which cannot be written to"};
  return std::nullopt;
}

}  // namespace

std::vector<AppliedAction> check_plan(const Context& context, const std::vector<PlannedAction>& actions) {
  std::vector<AppliedAction> refused;
  for (const auto& action : actions)
    if (auto one = refusal(context, action)) refused.push_back(std::move(*one));
  return refused;
}

std::vector<AppliedAction> apply_plan(const Context& context, const Config& config,
                                      const std::vector<PlannedAction>& actions, const Clock& clock,
                                      std::optional<double> max_wait,
                                      const std::function<void(const AppliedAction&)>& told) {
  std::vector<AppliedAction> results;
  std::map<std::string, Forge> forges;
  Log log(context.database, context.project_id);
  bool wrote = false;
  const auto tell = [&](AppliedAction one) {
    if (told) told(one);
    results.push_back(std::move(one));
  };
  for (const auto& action : actions) {
    if (auto one = refusal(context, action)) {
      tell(std::move(*one));
      continue;
    }
    const std::string state = log.state(action.key);
    if (state == "sent") {
      tell({action, "done", "it was sent before"});
      continue;
    }
    const Origin origin = *origin_of_item(context, action.item_id);
    auto [found, is_new] = forges.try_emplace(origin.location);
    if (is_new) found->second = open_forge(config, origin, max_wait);
    Forge& forge = found->second;
    bool may_have_arrived = state == "sending";
    try {
      const Look look = look_first(*forge.writer, action, state);
      if (look.standing != Standing::open_to_it) {
        const bool is_done = look.standing == Standing::done;
        log.write(action, is_done ? "sent" : "failed", look.why, clock.now());
        tell({action, is_done ? "done" : "overtaken", look.why});
        continue;
      }
      if (wrote) forge.client->waiter().wait(context.config.write.seconds_between, "writes are paced");
      log.write(action, "sending", {}, clock.now());
      may_have_arrived = wrote = true;
      forge.writer->send(action);
      log.write(action, "sent", {}, clock.now());
      tell({action, "sent", ""});
    } catch (const http::ServerTrouble& trouble) {
      // Whether it arrived is not known: it stays as it was logged, and the next run looks first.
      tell({action, "failed",
            redact(fmt::format("{}; {}", trouble.what(),
                               may_have_arrived ? "the next run looks whether it arrived" : "nothing was sent"))});
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::incomplete || error.kind() == ErrorKind::authentication) throw;
      log.write(action, "failed", redact(error.what()), clock.now());
      tell({action, "failed", redact(error.what())});
    }
  }
  return results;
}

}  // namespace resident

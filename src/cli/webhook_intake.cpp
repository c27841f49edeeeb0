#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/declare_source.hpp>
#include <cli/webhook_intake.hpp>
#include <condition_variable>
#include <mutex>
#include <net/token.hpp>
#include <sources/github/webhooks.hpp>
#include <sources/source.hpp>
#include <thread>

namespace resident {

namespace {

constexpr std::size_t kMostWaiting = 10'000;      // deliveries between two commits; more are asked to come again
constexpr std::size_t kItemsAtOnce = 50;          // read from the forge in one go
constexpr auto kPause = std::chrono::seconds(2);  // between two looks at what waits
constexpr auto kAfterTrouble = std::chrono::seconds(60);
constexpr Timestamp kForgetEvery = kHour;
constexpr std::int64_t kForgetAtOnce = 2'000;  // in one transaction, so that new ones need not wait long

// A connection for a server that runs for months: what it keeps of the file in memory is little, since the system keeps
// it, too, and deliveries' ids come in no order that more of it would help with.
std::unique_ptr<Database> open_small(const Invocation& invocation) {
  auto database = invocation.open(Access::write);
  if (database->engine() == "sqlite") database->execute_script("PRAGMA cache_size = -4096;");
  return database;
}

struct Waiting {
  std::int64_t project_id;
  github::Delivery delivery;
  std::function<void(bool is_kept)> reply;
};

std::string header_of(const WebhookRequest& request, const char* name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? std::string() : found->second;
}

bool is_alive(Database& database) noexcept {
  try {
    return database.integer("SELECT 1") == 1;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace

struct WebhookIntake::Implementation {
  const Invocation& invocation;
  std::map<std::string, http::Token> secrets;
  std::map<std::string, std::int64_t> projects;
  std::unique_ptr<Database> database;  // the keeper's
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<Waiting> waiting;
  bool stopping = false;
  std::map<std::int64_t, Timestamp> forgot_at;  // the reader's, by project
  std::thread keeper, reader;

  Implementation(const Invocation& given, std::map<std::string, http::Token> given_secrets)
      : invocation(given), secrets(std::move(given_secrets)), database(open_small(given)) {}

  // One transaction for all that came since the last.
  void keep() {
    while (true) {
      std::vector<Waiting> batch;
      {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return stopping || !waiting.empty(); });
        if (waiting.empty()) return;
        batch.swap(waiting);
      }
      std::map<std::int64_t, std::vector<github::Delivery>> by_project;
      for (auto& one : batch) by_project[one.project_id].push_back(one.delivery);
      const bool is_kept = keep_all(by_project);
      for (auto& one : batch) one.reply(is_kept);
    }
  }

  // Once more on a new connection where the old one was lost; else the forge sends it again.
  bool keep_all(const std::map<std::int64_t, std::vector<github::Delivery>>& by_project) {
    for (int attempt = 0; attempt < 2; ++attempt) {
      try {
        if (!database) database = open_small(invocation);
        for (const auto& [project, deliveries] : by_project)
          keep_deliveries(*database, project, deliveries, invocation.clock.now());
        return true;
      } catch (const std::exception&) {
        if (database && is_alive(*database)) return false;
        database.reset();
      }
    }
    return false;
  }

  // Some of the items that wait, read anew; whether more wait.
  bool read_some(Database& own, const std::string& name, std::int64_t project) {
    const auto source = own.integer("SELECT source_id FROM source WHERE project_id = :project AND kind = 'github'",
                                    {{"project", project}});
    if (!source) return false;
    const auto items = waiting_items(own, project, kItemsAtOnce);
    if (items.empty()) return false;
    begin_reading(own, project, items);
    const Config config = invocation.load_config();
    SyncOptions options;
    options.config = &config;
    options.clock = &invocation.clock;
    options.items = items;
    sync_source(own, project, *source, config.project(name).bots, invocation.clock.now(), options);
    settle_deliveries(own, project, items);
    return items.size() == kItemsAtOnce;
  }

  // What was done with long ago; once an hour, and not all at once.
  void forget(Database& own, const std::string& name, std::int64_t project) {
    const Timestamp now = invocation.clock.now();
    const auto last = forgot_at.find(project);
    if (last != forgot_at.end() && now - last->second < kForgetEvery) return;
    const Timestamp before = now - std::max(0, invocation.load_config().project(name).webhook.keep_days) * kDay;
    if (forget_deliveries(own, project, before, kForgetAtOnce) < kForgetAtOnce) forgot_at[project] = now;
  }

  // Reads anew what deliveries speak of; a forge that cannot be reached is tried again later.
  void read() {
    std::unique_ptr<Database> own;
    while (true) {
      auto pause = std::chrono::duration_cast<std::chrono::milliseconds>(kPause);
      for (const auto& [name, project] : projects) {
        try {
          if (!own) own = open_small(invocation);
          forget(*own, name, project);
          if (read_some(*own, name, project)) pause = std::min(pause, std::chrono::milliseconds(0));
        } catch (const std::exception& error) {
          pause = kAfterTrouble;
          if (own && !is_alive(*own)) {
            own.reset();
            pause = kPause;
          }
          invocation.err << fmt::format("webhooks of {}: {}\n", one_line(name), one_line(redact(error.what())));
          invocation.err.flush();
        }
      }
      std::unique_lock lock(mutex);
      if (changed.wait_for(lock, pause, [&] { return stopping; })) return;
    }
  }
};

std::map<std::string, http::Token> webhook_secrets(const Invocation& invocation) {
  std::map<std::string, http::Token> secrets;
  const Config config = invocation.load_config();
  const auto database = invocation.open(Access::read);
  for (const auto& name : project_names(*database)) {
    const WebhookRules rules = config.project(name).webhook;
    if (auto secret = find_secret(rules.secret_env, rules.secret_file); !secret.empty())
      secrets.emplace(name, std::move(secret));
  }
  return secrets;
}

WebhookIntake::WebhookIntake(const Invocation& invocation, std::map<std::string, http::Token> secrets)
    : implementation_(std::make_unique<Implementation>(invocation, std::move(secrets))) {
  for (const auto& [name, secret] : implementation_->secrets)
    implementation_->projects[name] = declare_project(*implementation_->database, name);
  implementation_->keeper = std::thread([this] { implementation_->keep(); });
  implementation_->reader = std::thread([this] { implementation_->read(); });
}

WebhookIntake::~WebhookIntake() {
  {
    const std::lock_guard lock(implementation_->mutex);
    implementation_->stopping = true;
  }
  implementation_->changed.notify_all();
  implementation_->keeper.join();
  implementation_->reader.join();
}

void WebhookIntake::take(const WebhookRequest& request, std::function<void(WebhookAnswer)> reply) {
  Implementation& self = *implementation_;
  const auto secret = self.secrets.find(request.project);
  // Whether there is such a project is nobody's business who has no signature.
  if (secret == self.secrets.end() ||
      !github::is_signed(secret->second.reveal(), request.body, header_of(request, "x-hub-signature-256")))
    return reply({403, "the signature is wrong"});
  std::optional<github::Delivery> delivery;
  try {
    delivery = github::read_delivery(header_of(request, "x-github-delivery"), header_of(request, "x-github-event"),
                                     request.body);
  } catch (const Error& error) {
    return reply({400, one_line(clean_text(error.what(), 300))});
  }
  const std::string said = delivery->ignored.empty() ? std::string("kept") : "ignored: " + delivery->ignored;
  {
    const std::lock_guard lock(self.mutex);
    if (self.stopping || self.waiting.size() >= kMostWaiting) return reply({503, "too many at once; send it again"});
    self.waiting.push_back(
        {self.projects.at(request.project), std::move(*delivery), [said, reply](bool is_kept) {
           reply(is_kept ? WebhookAnswer{202, said} : WebhookAnswer{503, "it could not be kept; send it again"});
         }});
  }
  self.changed.notify_all();
}

}  // namespace resident

// resident page: everything as one HTML file; resident serve: the dashboard.
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <base/error.hpp>
#include <base/text.hpp>
#include <chrono>
#include <cli/command.hpp>
#include <cli/dashboard/dashboard_pages.hpp>
#include <cli/options.hpp>
#include <cli/pages.hpp>
#include <cli/webhook_intake.hpp>
#include <filesystem>
#include <fstream>
#include <server/dashboard_server.hpp>
#include <thread>

namespace resident {

namespace {

constexpr std::chrono::seconds kPatience(2);  // with pages being made, once it is told to stop

constexpr std::size_t kRowsInFile = 100;  // of one table: it is to be read by people, and sent by mail

// Written beside and renamed, so that a reader never sees half a file.
void write_file(const std::string& path, const std::string& content) {
  const std::string temporary = path + ".new";
  std::ofstream stream(temporary, std::ios::binary | std::ios::trunc);
  stream << content;
  stream.close();
  std::error_code code;
  if (stream) std::filesystem::rename(temporary, path, code);
  if (!stream || code)
    throw Error(fmt::format("cannot write {}", one_line(path)), "check that the folder exists and that there is room");
}

std::function<int()> declare_page(OptionSet& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  app.add_option("--as-of", invocation.as_of, "As it was at that moment")->type_name("DATE");
  auto output = std::make_shared<std::string>("report.html");
  app.add_option("--output", *output, "Where to write it; - is the output")->type_name("FILE")->capture_default_str();
  return [&invocation, output] {
    const auto database = invocation.open(Access::read);
    Context context = invocation.context(*database);
    DocumentOptions options;
    options.title = fmt::format("{} – Resident", context.project);
    options.most_rows = kRowsInFile;
    const std::string document = render_document(make_pages(context, {}), options);
    if (*output == "-") {
      invocation.out << document;
      return 0;
    }
    write_file(*output, document);
    invocation.err << fmt::format("wrote {} ({} kB)\n", one_line(*output),
                                  with_thousands(static_cast<long long>(document.size() / 1000)));
    return 0;
  };
}

// The usual port may be taken by another project's dashboard; one that was asked for is not replaced.
std::unique_ptr<DashboardServer> bind_server(const DashboardContent& content, const ServerOptions& asked,
                                             bool is_asked_for) {
  const auto make = [&](int chosen) {
    ServerOptions options = asked;
    options.port = chosen;
    auto server = std::make_unique<DashboardServer>(content, options);
    server->bind();
    return server;
  };
  try {
    return make(asked.port);
  } catch (const Error&) {
    if (is_asked_for) throw;
    return make(0);
  }
}

// Waits for Ctrl-C or SIGTERM: the first ends in good order, the second at once.
void stop_when_told(const sigset_t& signals, const std::function<void()>& stop, const std::atomic<bool>& has_ended) {
  int received = 0;
  sigwait(&signals, &received);
  stop();
  if (has_ended) return;
  sigwait(&signals, &received);
  if (!has_ended) _exit(128 + received);
}

// Whoever reaches it may read everything and plan: beyond this machine only where a proxy says who that is.
void check_reach(const ServerOptions& options) {
  const bool is_local = options.host == "::1" || options.host.starts_with("127.");
  if (!is_local && options.user_header.empty())
    throw Error(ErrorKind::usage,
                fmt::format("--listen {} is reached by others, and nothing says who they are", one_line(options.host)),
                "put a proxy that signs people in before it, and name its header by --user-header (guide: serve)");
  const bool is_token = std::all_of(options.user_header.begin(), options.user_header.end(), [](char c) {
    return c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
  if (!is_token) throw Error(ErrorKind::usage, "--user-header is no name of a header", "for example X-Forwarded-User");
}

int serve(Invocation& invocation, const ServerOptions& options, bool is_asked_for) {
  check_reach(options);
  DashboardPages pages(invocation, options.patience);
  DashboardContent content;
  content.projects = [&pages] { return pages.projects(); };
  content.pages = [&pages](const PageRequest& request) { return pages.pages(request); };
  content.version = [&pages](const PageRequest& request) { return pages.version(request); };
  content.recall = [&pages](const PageRequest& request) { return pages.recall(request); };
  content.remember = [&pages](const PageRequest& request, const RememberedPage& page) {
    pages.remember(request, page);
  };
  content.state = [&pages] { return pages.state(); };
  content.collect = [&pages](const PlanRequest& request) { return pages.collect(request); };
  content.check_health = [&pages] { pages.check(); };
  // Signals are taken by a thread that waits for them, since stop() is more than a handler may do.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::unique_ptr<WebhookIntake> intake;
  if (auto secrets = webhook_secrets(invocation); !secrets.empty()) {
    intake = std::make_unique<WebhookIntake>(invocation, std::move(secrets));
    content.webhook = [&intake](const WebhookRequest& request, std::function<void(WebhookAnswer)> reply) {
      intake->take(request, std::move(reply));
    };
  }
  const auto server = bind_server(content, options, is_asked_for);
  std::atomic<bool> has_ended{false};
  std::thread waiter([&] {
    stop_when_told(
        signals, [&] { server->stop(); }, has_ended);
  });
  invocation.err << fmt::format("The dashboard is at {} – stop it with Ctrl-C.\n", server->address());
  invocation.err.flush();
  server->listen();
  const bool all_ended = server->finish(kPatience);
  intake.reset();  // keeps what came
  has_ended = true;
  // A page that takes long to make can't be told to end; it only reads.
  if (!all_ended || pages.is_learning()) _exit(0);
  // Where listening ended by itself, the waiter still waits; else for a second signal.
  kill(getpid(), SIGTERM);
  waiter.join();
  return 0;
}

std::function<int()> declare_serve(OptionSet& app, Invocation& invocation) {
  invocation.add_store_options(app);
  auto port = std::make_shared<int>(8765);
  const OptionHandle port_option =
      takes_whole_number(app.add_option("--port", *port, "The port on 127.0.0.1; 0 takes any that is free")
                             ->type_name("PORT")
                             ->capture_default_str(),
                         0, 65535);
  auto patience = std::make_shared<int>(400);
  takes_whole_number(
      app.add_option("--patience", *patience,
                     "How long a page may take; then the one before is shown meanwhile, or that it is being made")
          ->type_name("MILLISECONDS")
          ->capture_default_str(),
      0, 3'600'000);
  auto options = std::make_shared<ServerOptions>();
  app.add_option("--listen", options->host,
                 "The address it listens at; other than this machine's only with --user-header")
      ->type_name("ADDRESS")
      ->capture_default_str();
  app.add_option("--user-header", options->user_header,
                 "The header in which a proxy in front of it names who asks; requests without it are refused")
      ->type_name("NAME");
  app.add_option("--name", options->names, "A host name by which the proxy reaches it, beside localhost")
      ->type_name("HOST");
  return [&invocation, port, port_option, patience, options] {
    options->port = *port;
    options->patience = std::chrono::milliseconds(*patience);
    return serve(invocation, *options, port_option->count() > 0);
  };
}

}  // namespace

extern const Command page_command, serve_command;
const Command page_command{"page", "Write all pages as one self-contained HTML file",
                           "Example: resident page --project demo --output report.html", declare_page};
const Command serve_command{
    "serve", "Serve the dashboard on 127.0.0.1",
    "Pages: /, /review, /triage, /inbox, /plan, /flow, /people, /modules, /report, /item/NUMBER; every Result also as "
    "JSON under /api/NAME.\nExample: resident serve --port 8765",
    declare_serve};

}  // namespace resident

// resident page: everything as one HTML file; resident serve: the dashboard.
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>
#include <cli/dashboard/page_cache.hpp>
#include <cli/pages.hpp>
#include <cli/webhook_intake.hpp>
#include <filesystem>
#include <fstream>
#include <thread>
#include <views/server/server.hpp>

namespace resident {

namespace {

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

std::function<int()> declare_page(CLI::App& app, Invocation& invocation) {
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
    const std::string document = render_document(make_pages(context, {}), options);
    if (*output == "-") {
      invocation.out << document;
      return 0;
    }
    write_file(*output, document);
    invocation.err << fmt::format("wrote {} ({} kB)\n", one_line(*output), document.size() / 1000);
    return 0;
  };
}

std::function<int()> declare_serve(CLI::App& app, Invocation& invocation) {
  invocation.add_store_options(app);
  auto port = std::make_shared<int>(8765);
  const CLI::Option* port_option = app.add_option("--port", *port, "The port on 127.0.0.1; 0 takes any that is free")
                                       ->type_name("PORT")
                                       ->check(CLI::Range(0, 65535))
                                       ->capture_default_str();
  return [&invocation, port, port_option] {
    PageCache cache(invocation);
    DashboardContent content;
    content.projects = [&cache] { return cache.projects(); };
    content.pages = [&cache](const PageRequest& request) { return cache.pages(request); };
    content.collect = [&cache](const PlanRequest& request) { return cache.collect(request); };
    // Signals are taken by a thread that waits for them, since stop() is more than a handler may do.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::unique_ptr<WebhookIntake> intake;
    if (auto secrets = webhook_secrets(invocation); !secrets.empty()) {
      intake = std::make_unique<WebhookIntake>(invocation, std::move(secrets));
      content.webhook = [&intake](const WebhookRequest& request) { return intake->take(request); };
    }
    const auto make = [&](int chosen) {
      ServerOptions options;
      options.port = chosen;
      return std::make_unique<DashboardServer>(content, options);
    };
    auto server = make(*port);
    try {
      server->bind();
    } catch (const Error&) {
      // The usual port may be taken by another project's dashboard; one that was asked for is not replaced.
      if (port_option->count() > 0) throw;
      server = make(0);
      server->bind();
    }
    std::thread waiter([&] {
      int received = 0;
      sigwait(&signals, &received);
      server->stop();
    });
    invocation.err << fmt::format("The dashboard is at {} – stop it with Ctrl-C.\n", server->address());
    invocation.err.flush();
    server->listen();
    // Where listening ended by itself, the waiter still waits.
    kill(getpid(), SIGTERM);
    waiter.join();
    return 0;
  };
}

}  // namespace

extern const Command page_command, serve_command;
const Command page_command{"page", "Write all pages as one self-contained HTML file",
                           "Example: resident page --project demo --output report.html", declare_page};
const Command serve_command{
    "serve", "Serve the dashboard on 127.0.0.1",
    "Pages: /, /review, /triage, /inbox, /plan, /flow, /people, /modules, /report, /item/NUMBER; every Result also "
    "as JSON under /api/NAME.\nExample: resident serve --port 8765",
    declare_serve};

}  // namespace resident

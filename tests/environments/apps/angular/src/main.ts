import { Component } from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";
import { ApiClient, NotFoundException } from "thousandeyes-admin";

import { exercise } from "./lib/exercise.js";
import { users } from "./lib/page-users.js";

declare function report(result: unknown): void;

@Component({ selector: "te-portal", template: "<p>rendered by the page</p>" })
class Portal {
  async ngOnInit(): Promise<void> {
    report(await exercise(users, { ApiClient, NotFoundException }));
  }
}

await bootstrapApplication(Portal);

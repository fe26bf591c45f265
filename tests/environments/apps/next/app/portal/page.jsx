"use client";

import { useEffect } from "react";
import { ApiClient, NotFoundException } from "thousandeyes-admin";

import { exercise } from "../../lib/exercise.js";
import { users } from "../../lib/page-users.js";

export default function Portal() {
  useEffect(() => {
    exercise(users, { ApiClient, NotFoundException }).then(report, reportError);
  }, []);
  return <p>rendered by a server</p>;
}

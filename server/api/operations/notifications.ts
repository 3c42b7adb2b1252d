import { read, search, write } from "#server/api/operation.ts";
import {
  CreateNotification,
  ListNotificationResults,
  ListNotifications,
  Notification,
  NotificationResults,
  Notifications,
  TestedNotification,
  UpdateNotification,
} from "#server/contracts/notification.ts";
import { ById } from "#server/contracts/resource-fields.ts";
import { listNotificationResults } from "#server/resources/notification-results.ts";
import * as verbs from "#server/resources/notifications.ts";

const PATH = "/notifications";

export const notifications = {
  list: read(PATH, "List who is told of issues", ListNotifications, Notifications, verbs.listNotifications),
  results: search(
    `${PATH}/results`,
    "List what came of telling each last",
    ListNotificationResults,
    NotificationResults,
    listNotificationResults,
  ),
  create: write(
    "connection.write",
    "POST",
    PATH,
    "Tell somebody of issues",
    CreateNotification,
    Notification,
    verbs.createNotification,
    { status: 201 },
  ),
  get: read(`${PATH}/:id`, "Get who is told of issues", ById, Notification, verbs.getNotification),
  update: write(
    "connection.write",
    "PATCH",
    `${PATH}/:id`,
    "Change the kinds of issues that a notification tells of",
    UpdateNotification,
    Notification,
    verbs.updateNotification,
  ),
  test: write(
    "connection.write",
    "POST",
    `${PATH}/:id/test`,
    "Send a notification that says that it is a test",
    ById,
    TestedNotification,
    verbs.testNotification,
  ),
};

// Nginx
